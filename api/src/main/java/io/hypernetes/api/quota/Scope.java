package io.hypernetes.api.quota;

import io.hypernetes.api.GroupResource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Which of a namespace's objects a quota is about.
 *
 * @param operator {@code Exists}, {@code DoesNotExist}, {@code In} or {@code NotIn}
 */
public record Scope(String name, String operator, List<String> values) {

    boolean matches(GroupResource resource, ObjectNode object) {
        JsonNode spec = object.path("spec");
        if (resource.equals(Usage.CLAIMS)) {
            return name.equals("VolumeAttributesClass")
                    && matches(spec.path("volumeAttributesClassName").asString(""));
        }
        if (!resource.equals(Usage.PODS)) {
            return false;
        }
        return switch (name) {
            case "Terminating" -> isTerminating(spec);
            case "NotTerminating" -> !isTerminating(spec);
            case "BestEffort" -> isBestEffort(spec);
            case "NotBestEffort" -> !isBestEffort(spec);
            case "PriorityClass" -> matches(spec.path("priorityClassName").asString(""));
            case "CrossNamespacePodAffinity" -> crossesNamespaces(spec);
            default -> false;
        };
    }

    private boolean matches(String value) {
        return switch (operator) {
            case "Exists" -> !value.isEmpty();
            case "DoesNotExist" -> value.isEmpty();
            case "In" -> values.contains(value);
            case "NotIn" -> !values.contains(value);
            default -> false;
        };
    }

    private static boolean isTerminating(JsonNode spec) {
        return spec.path("activeDeadlineSeconds").asLong(-1) >= 0;
    }

    private static boolean isBestEffort(JsonNode spec) {
        return PodResources.requests(spec).only(List.of("cpu", "memory")).withoutZeros().isEmpty()
                && PodResources.limits(spec)
                        .only(List.of("cpu", "memory"))
                        .withoutZeros()
                        .isEmpty();
    }

    private static boolean crossesNamespaces(JsonNode spec) {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            JsonNode affinity = spec.path("affinity").path(kind);
            for (JsonNode term : affinity.path("requiredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(term)) {
                    return true;
                }
            }
            for (JsonNode weighted :
                    affinity.path("preferredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(weighted.path("podAffinityTerm"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean crosses(JsonNode term) {
        return !term.path("namespaces").isEmpty() || term.path("namespaceSelector").isObject();
    }
}
