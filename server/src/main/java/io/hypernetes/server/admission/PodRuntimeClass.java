package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.server.registry.Reads;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A pod gets the overhead and the placement of the RuntimeClass that it names. */
final class PodRuntimeClass implements AdmissionController {
    private final WorldObjects classes;

    PodRuntimeClass(Reads reads) {
        this.classes = new WorldObjects(reads, "node.k8s.io", "runtimeclasses");
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.PODS)
                || !(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        String name = spec.path("runtimeClassName").asString("");
        if (!request.call().tenant().isSystem() && HostRuntime.isNamedBy(request.object())) {
            throw rejected(request, HostRuntime.REFUSAL);
        }
        JsonNode runtime =
                name.isEmpty()
                        ? Json.object()
                        : classes.find(request.call().tenant(), "", name)
                                .orElseThrow(() ->
                                        rejected(
                                                request, "RuntimeClass \"" + name + "\" not found"))
                                .tree();
        overhead(request, spec, runtime.path("overhead").path("podFixed"));
        place(request, spec, runtime.path("scheduling"));
    }

    private static void overhead(AdmissionRequest request, ObjectNode spec, JsonNode fixed) {
        JsonNode own = spec.path("overhead");
        if (fixed.isEmpty() && !own.isEmpty()) {
            throw rejected(
                    request,
                    "Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
        if (!own.isEmpty() && !Json.same(own, fixed)) {
            throw rejected(request, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
        if (!fixed.isEmpty()) {
            spec.set("overhead", fixed.deepCopy());
        }
    }

    private static void place(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
        scheduling
                .path("nodeSelector")
                .properties()
                .forEach(wanted -> {
                    String key = wanted.getKey();
                    String value = wanted.getValue().asString("");
                    ObjectNode selector = spec.withObject("nodeSelector");
                    String own = selector.path(key).asString(value);
                    if (!own.equals(value)) {
                        throw ApiException.forbidden(
                                request.type().id(),
                                request.name(),
                                "conflict: runtimeClass.scheduling.nodeSelector["
                                        + key
                                        + "] = "
                                        + value
                                        + "; pod.spec.nodeSelector["
                                        + key
                                        + "] = "
                                        + own);
                    }
                    selector.put(key, value);
                });
        for (JsonNode toleration : scheduling.path("tolerations")) {
            boolean present = false;
            for (JsonNode own : spec.path("tolerations")) {
                present |= Json.same(own, toleration);
            }
            if (!present) {
                spec.withArray("tolerations").add(toleration.deepCopy());
            }
        }
    }

    private static ApiException rejected(AdmissionRequest request, String why) {
        return ApiException.forbidden(request.type().id(), request.name(), "pod rejected: " + why);
    }
}
