package io.hypernetes.api.select;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.select.Requirement.Operator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A conjunction of {@link Requirement}s on an object's labels, sorted by key. */
public record LabelSelector(List<Requirement> requirements) {

    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    /** What a spec without a selector means, unlike one with an empty selector. */
    public static final LabelSelector NOTHING =
            new LabelSelector(List.of(new Requirement("", Operator.IN, List.of())));

    public LabelSelector {
        requirements =
                requirements.stream().sorted(Comparator.comparing(Requirement::key)).toList();
    }

    /** The query form, {@code app=web,tier in (a,b),!old}. Throws BadRequest. */
    public static LabelSelector parse(String text) {
        return text.isBlank() ? EVERYTHING : new LabelSelector(new LabelParser(text).parse());
    }

    /**
     * The form of a spec, {@code matchLabels} and {@code matchExpressions}: an empty object selects
     * everything, a missing one nothing. Throws BadRequest.
     */
    public static LabelSelector fromObject(JsonNode selector) {
        if (!(selector instanceof ObjectNode)) {
            return NOTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            requirements.add(
                    Requirement.checked(
                            label.getKey(),
                            Operator.EQUALS,
                            List.of(label.getValue().asString(""))));
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            requirements.add(expression(expression));
        }
        return new LabelSelector(requirements);
    }

    private static Requirement expression(JsonNode expression) {
        String name = expression.path("operator").asString("");
        Operator operator =
                switch (name) {
                    case "In" -> Operator.IN;
                    case "NotIn" -> Operator.NOT_IN;
                    case "Exists" -> Operator.EXISTS;
                    case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                    default ->
                            throw ApiException.badRequest(
                                    "\"" + name + "\" is not a valid label selector operator");
                };
        List<String> values = new ArrayList<>();
        expression.path("values").forEach(value -> values.add(value.asString("")));
        return Requirement.checked(expression.path("key").asString(""), operator, values);
    }

    /** Whether all requirements hold for the labels in the object's metadata. */
    public boolean matches(ObjectNode object) {
        return isEverything() || matches(Metadata.labels(object));
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }

    /** The query form; parsing it gives an equal selector. */
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
