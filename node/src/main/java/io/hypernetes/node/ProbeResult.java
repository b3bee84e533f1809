package io.hypernetes.node;

import java.util.Optional;

/** What came of a probe. */
sealed interface ProbeResult {
    ProbeResult SUCCESS = new Success();

    record Success() implements ProbeResult {}

    /** Counts as a success, and is told in an event. */
    record Warning(String text) implements ProbeResult {}

    record Failure(String text) implements ProbeResult {}

    /** Of what either fails or does not. */
    static ProbeResult of(Optional<String> failure) {
        return failure.<ProbeResult>map(Failure::new).orElse(SUCCESS);
    }

    /** What failed; empty for a success. */
    default Optional<String> failure() {
        return this instanceof Failure(String text) ? Optional.of(text) : Optional.empty();
    }
}
