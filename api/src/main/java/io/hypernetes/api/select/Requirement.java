package io.hypernetes.api.select;

import java.util.List;

/** One condition on one label. */
public record Requirement(String key, Operator operator, List<String> values) {

    /** How the label's value is compared. */
    public enum Operator {
        EQUALS,
        NOT_EQUALS,
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN
    }
}
