package io.hypernetes.scheduler;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** A pod's {@code nodeSelector} and its required node affinity. */
final class NodeSelection {

    private NodeSelection() {}

    static boolean matches(JsonNode podSpec, NodeView node) {
        for (Map.Entry<String, JsonNode> wanted : podSpec.path("nodeSelector").properties()) {
            if (!wanted.getValue().asString("").equals(node.labels().get(wanted.getKey()))) {
                return false;
            }
        }
        JsonNode required =
                podSpec.path("affinity")
                        .path("nodeAffinity")
                        .path("requiredDuringSchedulingIgnoredDuringExecution");
        return required.isMissingNode() || required.isNull() || anyTerm(required, node);
    }

    private static boolean anyTerm(JsonNode required, NodeView node) {
        for (JsonNode term : required.path("nodeSelectorTerms")) {
            // A term without any requirement matches no node.
            boolean empty =
                    term.path("matchExpressions").isEmpty() && term.path("matchFields").isEmpty();
            if (!empty && allMatch(term, node)) {
                return true;
            }
        }
        return false;
    }

    private static boolean allMatch(JsonNode term, NodeView node) {
        for (JsonNode expression : term.path("matchExpressions")) {
            if (!matches(expression, node.labels())) {
                return false;
            }
        }
        for (JsonNode field : term.path("matchFields")) {
            if (!matches(field, Map.of("metadata.name", node.name()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(JsonNode requirement, Map<String, String> labels) {
        String value = labels.get(requirement.path("key").asString(""));
        JsonNode values = requirement.path("values");
        return switch (requirement.path("operator").asString("")) {
            case "In" -> value != null && contains(values, value);
            case "NotIn" -> value == null || !contains(values, value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(Objects.requireNonNullElse(value, ""), values) > 0;
            case "Lt" -> compare(Objects.requireNonNullElse(value, ""), values) < 0;
            default -> false;
        };
    }

    private static boolean contains(JsonNode values, String value) {
        for (JsonNode candidate : values) {
            if (candidate.asString("").equals(value)) {
                return true;
            }
        }
        return false;
    }

    /** 0 also when one of them is no number, which satisfies neither Gt nor Lt. */
    private static int compare(String value, JsonNode values) {
        OptionalLong left = number(value);
        OptionalLong right = number(values.path(0).asString(""));
        return left.isPresent() && right.isPresent()
                ? Long.compare(left.getAsLong(), right.getAsLong())
                : 0;
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }
}
