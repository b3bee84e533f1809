package io.hypernetes.store.cache;

import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.sorted.SortedTree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One resource's objects, window and watchers. The store's thread writes the tree, which readers
 * take without a lock.
 */
final class ResourceCache<A> {

    private final String group;
    private final String resource;
    private final ReentrantLock lock = new ReentrantLock();

    private final int windowLimit;
    private Window<A> window; // guarded by lock
    private final Map<ObjectRange, List<Watcher<A>>> watchers = new HashMap<>(); // guarded by lock

    private volatile Window.Change<A> newest;

    ResourceCache(
            String group,
            String resource,
            int window,
            long revision,
            SortedTree<CacheEntry<A>> tree) {
        this.group = group;
        this.resource = resource;
        this.windowLimit = window;
        this.window = new Window<>(window, revision, tree);
        this.newest = new Window.Change<>(revision, List.of(), tree);
    }

    Window.Change<A> newest() {
        return newest;
    }

    SortedTree<CacheEntry<A>> at(long revision) {
        lock.lock();
        try {
            return window.at(revision);
        } finally {
            lock.unlock();
        }
    }

    /** Begins anew at a revision: what was before is no longer kept, nor watched. */
    void reset(long revision, SortedTree<CacheEntry<A>> tree) {
        lock.lock();
        try {
            endAll(CacheWatch.Reason.EXPIRED);
            window = new Window<>(windowLimit, revision, tree);
            newest = new Window.Change<>(revision, List.of(), tree);
        } finally {
            lock.unlock();
        }
    }

    /** Makes a change readable; returns by how many bytes the window has grown. */
    long apply(Window.Change<A> change) {
        lock.lock();
        try {
            long growth = window.add(change);
            newest = change;
            return growth;
        } finally {
            lock.unlock();
        }
    }

    /** The bytes of what the window keeps. */
    long windowBytes() {
        lock.lock();
        try {
            return window.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the oldest transaction, but not of the newest; returns its bytes. */
    long forgetOldest() {
        lock.lock();
        try {
            return window.forgetOldest();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives events to the watchers they concern: one look-up for each kind of range.
     *
     * @return how many those are
     */
    int dispatch(List<CacheEvent<A>> events) {
        lock.lock();
        try {
            if (watchers.isEmpty()) {
                return 0;
            }
            Map<ObjectRange, List<CacheEvent<A>>> shares = new HashMap<>();
            for (CacheEvent<A> event : events) {
                ObjectPath path = event.entry().path();
                share(event, new ObjectRange(group, resource, "", ""), shares);
                share(event, new ObjectRange(group, resource, path.tenant(), ""), shares);
                if (!path.namespace().isEmpty()) {
                    String namespace = path.namespace();
                    share(
                            event,
                            new ObjectRange(group, resource, path.tenant(), namespace),
                            shares);
                }
            }
            int woken = 0;
            for (var share : shares.entrySet()) {
                woken += offer(share.getKey(), share.getValue());
            }
            return woken;
        } finally {
            lock.unlock();
        }
    }

    private void share(
            CacheEvent<A> event, ObjectRange range, Map<ObjectRange, List<CacheEvent<A>>> shares) {
        if (watchers.containsKey(range)) {
            shares.computeIfAbsent(range, _ -> new ArrayList<>()).add(event);
        }
    }

    private int offer(ObjectRange range, List<CacheEvent<A>> events) {
        List<Watcher<A>> interested = watchers.get(range);
        if (interested == null) {
            return 0;
        }
        interested.removeIf(watcher -> !watcher.offer(events));
        if (interested.isEmpty()) {
            watchers.remove(range);
        }
        return interested.size();
    }

    /**
     * Begins a watch. Events up to the newest come from the window, later ones from the dispatcher:
     * each exactly once.
     */
    Watcher<A> watch(ObjectRange range, long after, Watcher.Limits limits, LongSupplier progress) {
        lock.lock();
        try {
            long joined = Math.max(after, newest.revision());
            window.requireKept(after); // throws now, not at the first poll
            Watcher<A> watcher =
                    new Watcher<>(
                            from -> past(range, from, joined),
                            after,
                            joined,
                            limits,
                            progress,
                            w -> remove(range, w));
            watchers.computeIfAbsent(range, _ -> new ArrayList<>()).add(watcher);
            return watcher;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a watch of the past sees next: it stays in the window until it is asked for, so a slow
     * watcher holds nothing that the window has let go of.
     */
    private Watcher.Past<A> past(ObjectRange range, long after, long upTo) {
        lock.lock();
        try {
            List<CacheEvent<A>> events = new ArrayList<>();
            for (Window.Change<A> change : window.between(after, upTo)) {
                if (events.size() >= Watcher.MOST_AT_ONCE) {
                    return new Watcher.Past<>(events, change.revision() - 1);
                }
                for (CacheEvent<A> event : change.events()) {
                    if (range.contains(event.entry().path())) {
                        events.add(event);
                    }
                }
            }
            return new Watcher.Past<>(events, upTo);
        } finally {
            lock.unlock();
        }
    }

    private void remove(ObjectRange range, Watcher<A> watcher) {
        lock.lock();
        try {
            List<Watcher<A>> present = watchers.get(range);
            if (present != null && present.remove(watcher) && present.isEmpty()) {
                watchers.remove(range);
            }
        } finally {
            lock.unlock();
        }
    }

    int watches() {
        lock.lock();
        try {
            return watchers.values().stream().mapToInt(List::size).sum();
        } finally {
            lock.unlock();
        }
    }

    void endAll(CacheWatch.Reason reason) {
        lock.lock();
        try {
            watchers.values().forEach(all -> all.forEach(watcher -> watcher.end(reason)));
            watchers.clear();
        } finally {
            lock.unlock();
        }
    }
}
