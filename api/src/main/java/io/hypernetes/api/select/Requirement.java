package io.hypernetes.api.select;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.names.Names;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** One condition on one label. */
public record Requirement(String key, Operator operator, List<String> values) {

    /** How the label's value is compared. */
    public enum Operator {
        EQUALS("="),
        NOT_EQUALS("!="),
        IN("in"),
        NOT_IN("notin"),
        EXISTS("exists"),
        DOES_NOT_EXIST("!"),
        GREATER_THAN("gt"),
        LESS_THAN("lt");

        private final String text;

        Operator(String text) {
            this.text = text;
        }
    }

    public Requirement {
        values = List.copyOf(values);
    }

    /** Throws BadRequest when key or values cannot be those of a label. */
    static Requirement checked(String key, Operator operator, List<String> values) {
        List<String> keyErrors = Names.qualifiedName(key);
        if (!keyErrors.isEmpty()) {
            throw invalid("key", key, String.join("; ", keyErrors));
        }
        switch (operator) {
            case IN, NOT_IN -> {
                if (values.isEmpty()) {
                    throw ApiException.badRequest(
                            "values: Invalid value: []: for 'in', 'notin' operators, values set"
                                    + " can't be empty");
                }
            }
            case GREATER_THAN, LESS_THAN -> {
                if (integer(values.getFirst()) == null) {
                    throw invalid(
                            "values[0]",
                            values.getFirst(),
                            "for 'Gt', 'Lt' operators, the value must be an integer");
                }
            }
            case EQUALS, NOT_EQUALS, EXISTS, DOES_NOT_EXIST -> {}
        }
        for (int i = 0; i < values.size(); i++) {
            List<String> errors = Names.labelValue(values.get(i));
            if (!errors.isEmpty()) {
                String field = "values[" + i + "][" + key + "]";
                throw invalid(field, values.get(i), String.join("; ", errors));
            }
        }
        return new Requirement(key, operator, values);
    }

    static ApiException invalid(String field, String value, String detail) {
        return ApiException.badRequest(field + ": Invalid value: \"" + value + "\": " + detail);
    }

    boolean matches(Map<String, String> labels) {
        @Nullable String value = labels.get(key);
        return switch (operator) {
            case EQUALS, IN -> value != null && values.contains(value);
            case NOT_EQUALS, NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GREATER_THAN, LESS_THAN -> value != null && compares(value);
        };
    }

    private boolean compares(String value) {
        Long actual = integer(value);
        Long bound = integer(values.getFirst());
        if (actual == null || bound == null) {
            return false;
        }
        return operator == Operator.GREATER_THAN ? actual > bound : actual < bound;
    }

    private static @Nullable Long integer(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The query form. */
    @Override
    public String toString() {
        return switch (operator) {
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case EQUALS, NOT_EQUALS -> key + operator.text + values.getFirst();
            case GREATER_THAN -> key + ">" + values.getFirst();
            case LESS_THAN -> key + "<" + values.getFirst();
            case IN, NOT_IN -> key + " " + operator.text + " (" + String.join(",", values) + ")";
        };
    }
}
