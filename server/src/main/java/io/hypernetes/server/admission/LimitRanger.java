package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fills in and enforces the LimitRanges of a namespace, for pods and claims. */
final class LimitRanger implements AdmissionController {
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final WorldObjects ranges;

    LimitRanger(Reads reads) {
        this.ranges = new WorldObjects(reads, "", "limitranges");
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.creates(BuiltinTypes.PODS)
                && request.object().get("spec") instanceof ObjectNode spec) {
            for (Served range : ranges(request)) {
                fillIn(request.object(), spec, range.tree());
            }
        }
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        boolean pod =
                request.creates(BuiltinTypes.PODS)
                        || request.isFor(BuiltinTypes.PODS)
                                && request.subresource().equals("resize");
        boolean claim =
                request.isFor(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)
                        && request.subresource().isEmpty()
                        && request.writes();
        boolean going = request.old().filter(Metadata::isBeingDeleted).isPresent();
        if (going || !pod && !claim) {
            return List.of();
        }
        for (Served range : ranges(request)) {
            List<String> errors = new ArrayList<>();
            for (JsonNode limit : range.tree().path("spec").path("limits")) {
                errors.addAll(
                        pod
                                ? LimitRules.ofPod(limit, request.object().path("spec"))
                                : LimitRules.ofClaim(limit, request.object().path("spec")));
            }
            if (!errors.isEmpty()) {
                throw ApiException.forbidden(
                        request.type().id(),
                        request.name(),
                        errors.size() == 1
                                ? errors.getFirst()
                                : "[" + String.join(", ", errors) + "]");
            }
        }
        return List.of();
    }

    private List<Served> ranges(AdmissionRequest request) {
        return ranges.list(request.call().tenant(), request.namespace());
    }

    private static void fillIn(ObjectNode pod, ObjectNode spec, ObjectNode range) {
        List<String> done = new ArrayList<>();
        for (JsonNode limit : range.path("spec").path("limits")) {
            if (limit.path("type").asString("").equals("Container")) {
                for (JsonNode container : spec.path("containers")) {
                    fillIn(container, limit, "container", done);
                }
                for (JsonNode container : spec.path("initContainers")) {
                    fillIn(container, limit, "init container", done);
                }
            }
        }
        if (!done.isEmpty()) {
            Metadata.ensureAnnotations(pod)
                    .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", done));
        }
    }

    private static void fillIn(JsonNode node, JsonNode limit, String what, List<String> done) {
        if (!(node instanceof ObjectNode container)) {
            return;
        }
        String about = " for " + what + " " + container.path("name").asString("");
        fillIn(container, "requests", limit.path("defaultRequest"))
                .ifPresent(names -> done.add(names + " request" + about));
        fillIn(container, "limits", limit.path("default"))
                .ifPresent(names -> done.add(names + " limit" + about));
    }

    /** The names of what was missing. */
    private static Optional<String> fillIn(ObjectNode container, String kind, JsonNode defaults) {
        List<String> set = new ArrayList<>();
        defaults.properties()
                .forEach(standard -> {
                    String name = standard.getKey();
                    if (!container.path("resources").path(kind).has(name)) {
                        container
                                .withObject("resources")
                                .withObject(kind)
                                .set(name, standard.getValue());
                        set.add(name);
                    }
                });
        set.sort(null);
        return set.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", set));
    }
}
