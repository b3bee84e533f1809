package io.hypernetes.store.cache;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.sorted.SortedTree;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest events of one resource and the state after each transaction. Guarded by its owner's
 * lock.
 */
final class Window<A> {

    /** One transaction's share in this resource, and the state after it. */
    record Change<A>(long revision, List<CacheEvent<A>> events, SortedTree<CacheEntry<A>> tree) {}

    private final int limit;
    private final TreeMap<Long, Change<A>> changes = new TreeMap<>();
    private int events;
    private long bytes;

    /** The state before the first change. */
    private Change<A> base;

    Window(int limit, long revision, SortedTree<CacheEntry<A>> tree) {
        this.limit = limit;
        this.base = new Change<>(revision, List.of(), tree);
    }

    /** Returns by how many bytes the window has grown, or less than nothing. */
    long add(Change<A> change) {
        long before = bytes;
        changes.put(change.revision(), change);
        events += change.events().size();
        bytes += weight(change);
        while (events > limit && changes.size() > 1) {
            forgetOldest();
        }
        return bytes - before;
    }

    /** Lets go of the oldest transaction, but not of the newest; returns its bytes. */
    long forgetOldest() {
        if (changes.size() <= 1) {
            return 0;
        }
        base = changes.pollFirstEntry().getValue();
        events -= base.events().size();
        long weight = weight(base);
        bytes -= weight;
        return weight;
    }

    /** The bytes of the objects that its events brought. */
    long bytes() {
        return bytes;
    }

    private static long weight(Change<?> change) {
        return change.events().stream().mapToLong(CacheEvent::weight).sum();
    }

    /** The state at a revision that is not in the future. */
    SortedTree<CacheEntry<A>> at(long revision) {
        requireKept(revision);
        Map.Entry<Long, Change<A>> change = changes.floorEntry(revision);
        return change == null ? base.tree() : change.getValue().tree();
    }

    /** The transactions after a revision, up to another. Throws when some are no longer kept. */
    Collection<Change<A>> between(long after, long upTo) {
        requireKept(after);
        return changes.subMap(after, false, Math.max(after, upTo), true).values();
    }

    /** Throws when the transactions after a revision are no longer all kept. */
    void requireKept(long revision) {
        if (revision < base.revision()) {
            throw new CompactedException(revision, base.revision());
        }
    }
}
