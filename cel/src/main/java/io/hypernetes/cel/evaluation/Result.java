package io.hypernetes.cel.evaluation;

/** What came of an evaluation, and its cost in CEL's units. */
public sealed interface Result {
    long cost();

    record Value(Object value, long cost) implements Result {}

    /**
     * @param limitExceeded it was ended because it cost too much
     */
    record Failure(String message, boolean limitExceeded, long cost) implements Result {}
}
