package io.hypernetes.server.registry;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.core.QualityOfService;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a running pod that have subresources of their own: {@code ephemeralcontainers}
 * (KEP-277) and {@code resize} (KEP-1287).
 */
final class PodParts {
    private PodParts() {}

    /** The stored pod with the ephemeral containers that are wanted. */
    static ObjectNode withEphemeralContainers(ObjectNode wanted, ObjectNode old) {
        ObjectNode pod = old.deepCopy();
        JsonNode containers = wanted.path("spec").path("ephemeralContainers");
        ObjectNode spec = (ObjectNode) pod.get("spec");
        if (containers.isArray() && !containers.isEmpty()) {
            spec.set("ephemeralContainers", containers);
        } else {
            spec.remove("ephemeralContainers");
        }
        return pod;
    }

    /** The stored pod with the containers' resources that are wanted. */
    static ObjectNode withResources(ObjectNode wanted, ObjectNode old) {
        ObjectNode pod = old.deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            Map<String, JsonNode> byName = byName(wanted, list);
            for (JsonNode container : pod.path("spec").path(list)) {
                JsonNode changed = byName.get(container.path("name").asString(""));
                if (changed != null) {
                    replace((ObjectNode) container, changed, "resources");
                    replace((ObjectNode) container, changed, "resizePolicy");
                }
            }
        }
        return pod;
    }

    private static void replace(ObjectNode container, JsonNode wanted, String field) {
        if (wanted.has(field)) {
            container.set(field, wanted.get(field));
        } else {
            container.remove(field);
        }
    }

    private static Map<String, JsonNode> byName(JsonNode pod, String list) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        for (JsonNode container : pod.path("spec").path(list)) {
            byName.put(container.path("name").asString(""), container);
        }
        return byName;
    }

    /** What is there stays as it is; only additions are allowed. */
    static List<FieldError> checkEphemeralContainers(ObjectNode pod, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        String field = "spec.ephemeralContainers";
        Map<String, JsonNode> now = byName(pod, "ephemeralContainers");
        byName(old, "ephemeralContainers")
                .forEach((name, before) -> {
                    JsonNode after = now.get(name);
                    if (after == null) {
                        errors.add(
                                FieldError.forbidden(
                                        field,
                                        "existing ephemeral containers \""
                                                + name
                                                + "\" may not be removed\n"));
                    } else if (!after.equals(before)) {
                        errors.add(
                                FieldError.forbidden(
                                        field,
                                        "existing ephemeral containers \""
                                                + name
                                                + "\" may not be changed\n"));
                    }
                });
        return errors;
    }

    /** Only processor and memory may change, only of a pod that still runs. */
    static List<FieldError> checkResources(ObjectNode pod, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        for (String list : List.of("containers", "initContainers")) {
            Map<String, JsonNode> before = byName(old, list);
            int i = 0;
            for (JsonNode container : pod.path("spec").path(list)) {
                String field = "spec." + list + "[" + i++ + "].resources.";
                JsonNode then = before.get(container.path("name").asString(""));
                for (String kind : List.of("requests", "limits")) {
                    JsonNode now = container.path("resources").path(kind);
                    JsonNode was = then == null ? now : then.path("resources").path(kind);
                    if (!others(now).equals(others(was))) {
                        errors.add(
                                FieldError.forbidden(
                                        field + kind, "only cpu and memory resources are mutable"));
                    }
                }
            }
        }
        checkLimitsAndQuality(pod, old, errors);
        String phase = old.path("status").path("phase").asString("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            errors.add(
                    FieldError.forbidden(
                            "", "pod " + Metadata.name(old) + " has ended and cannot be resized"));
        }
        return errors;
    }

    /** A limit may change but not go, and the pod stays in the class that it was ranked by. */
    private static void checkLimitsAndQuality(
            ObjectNode pod, ObjectNode old, List<FieldError> errors) {
        Map<String, JsonNode> before = byName(old, "containers");
        int i = 0;
        for (JsonNode container : pod.path("spec").path("containers")) {
            String field = "spec.containers[" + i++ + "].resources.limits";
            JsonNode limits = container.path("resources").path("limits");
            Optional.ofNullable(before.get(container.path("name").asString("")))
                    .map(then -> then.path("resources").path("limits"))
                    .filter(then -> then.propertyStream().anyMatch(e -> !limits.has(e.getKey())))
                    .ifPresent(_ ->
                            errors.add(
                                    FieldError.forbidden(
                                            field, "resource limits cannot be removed")));
        }
        String quality = QualityOfService.of((ObjectNode) old.get("spec"));
        if (!quality.equals(QualityOfService.of((ObjectNode) pod.get("spec")))) {
            errors.add(
                    FieldError.invalidText(
                            "spec",
                            quality,
                            "Pod QOS Class may not change as a result of resizing"));
        }
    }

    private static Map<String, JsonNode> others(JsonNode resources) {
        Map<String, JsonNode> others = new LinkedHashMap<>();
        resources.properties().forEach(entry -> others.put(entry.getKey(), entry.getValue()));
        others.remove("cpu");
        others.remove("memory");
        return others;
    }
}
