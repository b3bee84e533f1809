package io.hypernetes.api.select;

import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** A conjunction of terms on an object's selectable fields, {@code status.phase!=Failed}. */
public record FieldSelector(List<Term> terms) {

    /**
     * @param negated for {@code !=}
     */
    public record Term(String field, boolean negated, String value) {}

    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /** Throws BadRequest. */
    public static FieldSelector parse(String text) {
        throw new UnsupportedOperationException();
    }

    /** Throws BadRequest when a field cannot be selected by in this type. */
    public void check(ResourceType type) {
        throw new UnsupportedOperationException();
    }

    /** Whether all terms hold; a missing field counts as the empty text. */
    public boolean matches(ResourceType type, ObjectNode object) {
        throw new UnsupportedOperationException();
    }

    /** The value that {@code field} must have, if a term says so: a list of one name is a get. */
    public Optional<String> exactly(String field) {
        throw new UnsupportedOperationException();
    }

    public boolean isEverything() {
        return terms.isEmpty();
    }
}
