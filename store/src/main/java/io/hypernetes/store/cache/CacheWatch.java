package io.hypernetes.store.cache;

import java.time.Duration;
import java.util.List;

/** A running watch. One thread polls it, any thread may close it. */
public interface CacheWatch<A> extends AutoCloseable {

    /** What a poll found. */
    sealed interface Delivery<A> {}

    /**
     * Events in order, without gaps.
     *
     * @param events empty when none came in time
     * @param revision everything of this watch up to here has been delivered, also when there are
     *     no events: what a bookmark says
     */
    record Events<A>(List<CacheEvent<A>> events, long revision) implements Delivery<A> {}

    /** Nothing more will come. What was queued before is lost to a watcher that was too slow. */
    record Ended<A>(Reason reason) implements Delivery<A> {}

    /** Why a watch ended. */
    enum Reason {
        /** It was closed, or the cache was. */
        CLOSED,
        /** Its queue was full: it must list again. */
        TOO_SLOW,
        /** The store forgot, or replaced, the history it stands on: it must list again. */
        EXPIRED,
        /** The store stopped delivering: nothing can be watched until it is back. */
        STORE_FAILED
    }

    /**
     * Waits until there are events, at most {@code timeout}, and takes all that are there (at most
     * a thousand at a time).
     */
    Delivery<A> poll(Duration timeout) throws InterruptedException;

    @Override
    void close();
}
