package io.hypernetes.api.placement;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Which nodes something may be on: a pod's {@code nodeSelector} and required node affinity, or the
 * affinity of a volume.
 *
 * @param labels that a node must have, all of them
 * @param terms of which one must match; without any the labels alone count
 * @param restricted whether there are terms at all: none of an empty list matches
 */
public record NodeSelection(Map<String, String> labels, List<Term> terms, boolean restricted) {

    public static final NodeSelection ANY = new NodeSelection(Map.of(), List.of(), false);

    /** {@code matchExpressions} over labels and {@code matchFields} over the node's name. */
    public record Term(JsonNode expressions, JsonNode fields) {

        public static Term of(JsonNode term) {
            return new Term(term.path("matchExpressions"), term.path("matchFields"));
        }

        /** A term without any requirement matches no node. */
        public boolean matches(String name, Map<String, String> labels) {
            if (expressions.isEmpty() && fields.isEmpty()) {
                return false;
            }
            for (JsonNode expression : expressions) {
                if (!NodeSelection.matches(expression, labels)) {
                    return false;
                }
            }
            for (JsonNode field : fields) {
                if (!NodeSelection.matches(field, Map.of("metadata.name", name))) {
                    return false;
                }
            }
            return true;
        }
    }

    public static NodeSelection ofPod(JsonNode spec) {
        JsonNode required =
                spec.path("affinity")
                        .path("nodeAffinity")
                        .path("requiredDuringSchedulingIgnoredDuringExecution");
        return of(spec.path("nodeSelector"), required);
    }

    /**
     * @param required a node selector: {@code nodeSelectorTerms}
     */
    public static NodeSelection of(JsonNode labels, JsonNode required) {
        Map<String, String> wanted = new HashMap<>();
        labels.properties().forEach(l -> wanted.put(l.getKey(), l.getValue().asString("")));
        List<Term> terms = new ArrayList<>();
        required.path("nodeSelectorTerms").forEach(term -> terms.add(Term.of(term)));
        boolean restricted = !required.isMissingNode() && !required.isNull();
        return wanted.isEmpty() && !restricted
                ? ANY
                : new NodeSelection(Map.copyOf(wanted), List.copyOf(terms), restricted);
    }

    public boolean isAny() {
        return labels.isEmpty() && !restricted;
    }

    public boolean matches(String name, Map<String, String> nodeLabels) {
        for (Map.Entry<String, String> wanted : labels.entrySet()) {
            if (!wanted.getValue().equals(nodeLabels.get(wanted.getKey()))) {
                return false;
            }
        }
        if (!restricted) {
            return true;
        }
        for (Term term : terms) {
            if (term.matches(name, nodeLabels)) {
                return true;
            }
        }
        return false;
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
