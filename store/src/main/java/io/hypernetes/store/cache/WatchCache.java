package io.hypernetes.store.cache;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of a store in memory. It holds what a {@link Projection} makes of each value.
 *
 * @param <A> the attachment of entries
 */
public final class WatchCache<A> implements AutoCloseable {

    /** Loads the whole state; returns when it can be read. */
    public static <A> WatchCache<A> open(Store store, Projection<A> projection) {
        return open(store, projection, Settings.DEFAULT);
    }

    public static <A> WatchCache<A> open(Store store, Projection<A> projection, Settings settings) {
        throw new UnsupportedOperationException();
    }

    /**
     * @param window how many past events of each resource are kept for watches and for lists at a
     *     past revision
     */
    public record Settings(int window) {
        public static final Settings DEFAULT = new Settings(10_000);
    }

    /** The newest revision that can be read here. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits until a revision can be read: after a commit, before its result is read back, so that a
     * client sees its own writes. With a store of this process it returns at once.
     *
     * @return false when that did not happen in time
     * @throws StoreException when the store no longer delivers
     */
    public boolean awaitRevision(long revision, Duration timeout) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** The current state of an object. */
    public Optional<CacheEntry<A>> get(ObjectPath path) {
        throw new UnsupportedOperationException();
    }

    /** The current state of a range. */
    public Snapshot<A> list(ObjectRange range) {
        throw new UnsupportedOperationException();
    }

    /**
     * A page of the state of a range.
     *
     * @param revision exactly this state (that of the first page), {@link Store#LATEST} for the
     *     current one
     * @param after only keys after this one (the last of the page before)
     * @param limit at most so many entries, 0 for all
     * @throws CompactedException when that state is no longer kept
     */
    public Snapshot<A> list(ObjectRange range, long revision, Optional<StoreKey> after, int limit) {
        throw new UnsupportedOperationException();
    }

    /**
     * Delivers every event of the range after {@code revision}.
     *
     * @param queueLimit how many events may wait to be polled before the watcher counts as too slow
     *     and is cut off; events from before the watch began do not count
     * @throws CompactedException when the window no longer reaches back so far
     */
    public CacheWatch<A> watch(ObjectRange range, long revision, int queueLimit) {
        throw new UnsupportedOperationException();
    }

    /** Ends all watches. */
    @Override
    public void close() {}
}
