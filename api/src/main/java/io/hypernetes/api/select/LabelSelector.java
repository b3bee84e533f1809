package io.hypernetes.api.select;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** A conjunction of {@link Requirement}s on an object's labels. */
public record LabelSelector(List<Requirement> requirements) {

    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    /** The query form, {@code app=web,tier in (a,b),!old}. Throws BadRequest. */
    public static LabelSelector parse(String text) {
        throw new UnsupportedOperationException();
    }

    /**
     * The form of a spec: {@code matchLabels} and {@code matchExpressions}; an empty object selects
     * everything. Throws BadRequest.
     */
    public static LabelSelector fromObject(JsonNode selector) {
        throw new UnsupportedOperationException();
    }

    /** Whether all requirements hold for the labels in the object's metadata. */
    public boolean matches(ObjectNode object) {
        throw new UnsupportedOperationException();
    }

    public boolean matches(Map<String, String> labels) {
        throw new UnsupportedOperationException();
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }
}
