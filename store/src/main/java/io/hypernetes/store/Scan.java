package io.hypernetes.store;

import java.util.Optional;

/**
 * What a {@link Store#scan} has shown. Values can be read until it is closed, which is the caller's
 * to do.
 *
 * @param revision of the state that was shown
 * @param values lets go of them; empty when each entry holds its own
 */
public record Scan(long revision, Optional<Runnable> values) implements AutoCloseable {

    static Scan ofEntries(long revision) {
        return new Scan(revision, Optional.empty());
    }

    /** Whether something is held until this is closed. */
    public boolean holdsValues() {
        return values.isPresent();
    }

    @Override
    public void close() {
        values.ifPresent(Runnable::run);
    }
}
