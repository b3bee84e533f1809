package io.hypernetes.identity.keystone;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All things of a kind as Keystone listed them a moment ago: looking at thousands of them costs one
 * call. May be used by any thread; who finds it old waits for the new one.
 */
final class Listing<T> {

    private final Supplier<Map<String, T>> list;
    private final long fresh;

    /** Guarded by this. */
    private Map<String, T> known = Map.of();

    private long due = System.nanoTime();

    Listing(Supplier<Map<String, T>> list, Duration fresh) {
        this.list = list;
        this.fresh = fresh.toNanos();
    }

    /** Empty says little: Keystone may list less than there is. */
    synchronized Optional<T> get(String id) {
        if (System.nanoTime() - due >= 0) {
            known = list.get();
            due = System.nanoTime() + fresh;
        }
        return Optional.ofNullable(known.get(id));
    }
}
