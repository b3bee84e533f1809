package io.hypernetes.api.types.core;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What may change in the spec of a pod that exists: nearly nothing. */
final class PodUpdateRules {

    private static final String ONLY =
            "pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                    + "`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                    + " previously negative)";

    private final Field spec;
    private final Field old;

    private PodUpdateRules(Field spec, Field old) {
        this.spec = spec;
        this.old = old;
    }

    static void check(Field pod, Field old) {
        PodAnnotationRules.checkUpdate(
                pod.at("metadata", "annotations"), old.at("metadata", "annotations"));
        if (!pod.at("spec").same(old.at("spec"))) {
            new PodUpdateRules(pod.at("spec"), old.at("spec")).check();
        }
    }

    private void check() {
        for (String list : List.of("containers", "initContainers")) {
            if (spec.at(list).items().size() != old.at(list).items().size()) {
                spec.at(list).forbidden("pod updates may not add or remove containers");
                return;
            }
        }
        if (!deadline()) {
            return;
        }
        tolerations();
        gates();
        ObjectNode wanted = withoutWhatMayChange();
        ObjectNode was = old.object();
        if (!Json.same(wanted, was)) {
            spec.forbidden(ONLY + "\n" + changes(wanted, was));
        }
    }

    private boolean deadline() {
        Field deadline = spec.at("activeDeadlineSeconds");
        Field before = old.at("activeDeadlineSeconds");
        if (before.isSet() && !deadline.isSet()) {
            deadline.invalid("must not update from a positive integer to nil value");
        } else if (before.isSet() && deadline.number() > before.number()) {
            deadline.invalid("must be less than or equal to previous value");
            return false;
        }
        return true;
    }

    private void tolerations() {
        List<ObjectNode> now =
                Trees.objects(spec.at("tolerations").value()).stream()
                        .map(PodUpdateRules::withoutSeconds)
                        .toList();
        for (ObjectNode before : Trees.objects(old.at("tolerations").value())) {
            if (now.stream().noneMatch(n -> Json.same(n, withoutSeconds(before)))) {
                spec.at("tolerations")
                        .forbidden(
                                "existing toleration can not be modified except its"
                                        + " tolerationSeconds");
                return;
            }
        }
    }

    private static ObjectNode withoutSeconds(ObjectNode toleration) {
        ObjectNode rest = toleration.deepCopy();
        rest.remove("tolerationSeconds");
        return rest;
    }

    private void gates() {
        Set<String> known =
                old.at("schedulingGates").items().stream()
                        .map(gate -> gate.at("name").text())
                        .collect(Collectors.toSet());
        for (Field gate : spec.at("schedulingGates").items()) {
            if (!known.contains(gate.at("name").text())) {
                gate.at("name")
                        .forbidden(
                                "only deletion is allowed, but found new scheduling gate '"
                                        + gate.at("name").text()
                                        + "'");
            }
        }
    }

    /** The new spec with the old one's values in the fields that may differ. */
    private ObjectNode withoutWhatMayChange() {
        ObjectNode wanted = spec.object().deepCopy();
        ObjectNode was = old.object();
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> containers = Trees.objects(wanted.path(list));
            List<ObjectNode> before = Trees.objects(was.path(list));
            for (int i = 0; i < containers.size(); i++) {
                Trees.copy("image", before.get(i), containers.get(i));
            }
        }
        for (String field : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) {
            Trees.copy(field, was, wanted);
        }
        String grace = "terminationGracePeriodSeconds";
        if (was.path(grace).asLong(0) < 0 && wanted.path(grace).asLong(0) == 1) {
            Trees.copy(grace, was, wanted);
        }
        if (old.at("schedulingGates").isGiven()) {
            gated(wanted, was);
        }
        return wanted;
    }

    /** A pod that waits at a gate may still be told where to go (KEP-3521, KEP-3838). */
    private void gated(ObjectNode wanted, ObjectNode was) {
        for (Map.Entry<String, JsonNode> label : was.path("nodeSelector").properties()) {
            if (!Json.same(wanted.path("nodeSelector").path(label.getKey()), label.getValue())) {
                spec.at("nodeSelector")
                        .invalid(
                                "only additions to spec.nodeSelector are allowed (no mutations or"
                                        + " deletions)");
                break;
            }
        }
        Trees.copy("nodeSelector", was, wanted);
        String required = "requiredDuringSchedulingIgnoredDuringExecution";
        Field terms = spec.at("affinity", "nodeAffinity", required, "nodeSelectorTerms");
        Field before = old.at("affinity", "nodeAffinity", required, "nodeSelectorTerms");
        if (before.isGiven() && terms.items().size() != before.items().size()) {
            terms.invalid("no additions/deletions to non-empty NodeSelectorTerms list are allowed");
        } else {
            for (int i = 0; i < before.items().size(); i++) {
                if (!onlyAdds(terms.index(i), before.index(i))) {
                    terms.index(i)
                            .invalid("only additions are allowed (no mutations or deletions)");
                }
            }
        }
        nodeAffinityOf(was, wanted);
    }

    private static void nodeAffinityOf(ObjectNode was, ObjectNode wanted) {
        if (!was.has("affinity") && wanted.path("affinity").size() == 1) {
            wanted.remove("affinity");
        } else if (was.path("affinity").has("nodeAffinity") || wanted.has("affinity")) {
            Trees.copy(
                    "nodeAffinity",
                    was.path("affinity") instanceof ObjectNode a ? a : Json.object(),
                    Trees.child(wanted, "affinity"));
        }
    }

    private static boolean onlyAdds(Field term, Field before) {
        boolean wasEmpty =
                !before.at("matchExpressions").isGiven() && !before.at("matchFields").isGiven();
        if (wasEmpty) {
            return !term.at("matchExpressions").isGiven() && !term.at("matchFields").isGiven();
        }
        for (String list : List.of("matchExpressions", "matchFields")) {
            for (int i = 0; i < before.at(list).items().size(); i++) {
                if (!term.at(list).index(i).same(before.at(list).index(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String changes(ObjectNode spec, ObjectNode was) {
        TreeSet<String> fields = new TreeSet<>(spec.propertyNames());
        fields.addAll(was.propertyNames());
        return fields.stream()
                .filter(field -> !Json.same(spec.path(field), was.path(field)))
                .map(field -> "spec." + field + " differs")
                .collect(Collectors.joining("\n"));
    }
}
