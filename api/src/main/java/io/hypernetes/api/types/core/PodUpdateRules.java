package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
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

    private PodUpdateRules() {}

    static void check(ObjectNode pod, ObjectNode old, Errors errors) {
        ObjectNode spec = Trees.child(pod.deepCopy(), "spec");
        ObjectNode was = Trees.child(old.deepCopy(), "spec");
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> containers = objects(spec.path(list));
            List<ObjectNode> before = objects(was.path(list));
            if (containers.size() != before.size()) {
                errors.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
            for (int i = 0; i < containers.size(); i++) {
                copy("image", before.get(i), containers.get(i));
            }
        }
        deadline(spec, was, errors);
        tolerations(spec, was, errors);
        if (was.path("terminationGracePeriodSeconds").asLong(0) < 0
                && spec.path("terminationGracePeriodSeconds").asLong(0) == 1) {
            copy("terminationGracePeriodSeconds", was, spec);
        }
        if (!Json.same(spec, was)) {
            errors.forbidden("spec", ONLY + "\n" + changes(spec, was));
        }
    }

    private static void deadline(ObjectNode spec, ObjectNode was, Errors errors) {
        String field = "spec.activeDeadlineSeconds";
        if (has(was, "activeDeadlineSeconds")) {
            long before = was.path("activeDeadlineSeconds").asLong(0);
            if (!has(spec, "activeDeadlineSeconds")) {
                errors.invalid(
                        field, "null", "must not update from a positive integer to nil value");
            } else if (spec.path("activeDeadlineSeconds").asLong(0) > before) {
                errors.invalid(
                        field,
                        spec.path("activeDeadlineSeconds"),
                        "must be less than or equal to previous value");
            }
        }
        copy("activeDeadlineSeconds", was, spec);
    }

    private static void tolerations(ObjectNode spec, ObjectNode was, Errors errors) {
        boolean kept =
                objects(was.path("tolerations")).stream()
                        .map(PodUpdateRules::withoutSeconds)
                        .allMatch(before ->
                                objects(spec.path("tolerations")).stream()
                                        .anyMatch(now -> Json.same(withoutSeconds(now), before)));
        if (!kept) {
            errors.forbidden(
                    "spec.tolerations",
                    "existing toleration can not be modified except its tolerationSeconds");
        }
        copy("tolerations", was, spec);
    }

    private static ObjectNode withoutSeconds(ObjectNode toleration) {
        ObjectNode rest = toleration.deepCopy();
        rest.remove("tolerationSeconds");
        return rest;
    }

    private static void copy(String field, ObjectNode from, ObjectNode to) {
        if (from.has(field)) {
            to.set(field, from.get(field));
        } else {
            to.remove(field);
        }
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
