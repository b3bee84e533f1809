package io.hypernetes.api.apply;

/** Which fields a request can own at all: the main resource does not write the status. */
@FunctionalInterface
public interface FieldFilter {

    /** All fields. */
    FieldFilter ALL = set -> set;

    FieldSet of(FieldSet set);

    /** All but these and what is below them: the fields that the kind's strategy resets. */
    static FieldFilter without(FieldSet reset) {
        return reset.isEmpty() ? ALL : set -> set.without(reset);
    }

    /** One top-level field and what is below it. */
    static FieldFilter only(String field) {
        return set ->
                new FieldSet(
                        set.steps().stream()
                                .filter(step -> step.element().equals(new PathElement.Field(field)))
                                .toList());
    }
}
