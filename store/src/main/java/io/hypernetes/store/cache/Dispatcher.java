package io.hypernetes.store.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One thread that hands changes to watchers, so that a commit waits for none of them. What has come
 * in meanwhile goes together: a watcher is woken once for it and sends it with one write. After a
 * round that woke many the next one waits for a few milliseconds, so that what is written at a high
 * rate goes to them in pieces of several; what comes alone goes at once. Its own queue is bounded:
 * should it ever fall so far behind, writers wait for it.
 */
final class Dispatcher<A> implements AutoCloseable {

    /** A resource and its share of a transaction. */
    record Share<A>(ResourceCache<A> resource, Window.Change<A> change) {}

    private record Work<A>(long revision, List<Share<A>> shares) {}

    private static final int MOST_BEHIND = 1 << 16;
    private static final int MOST_AT_ONCE = 256;

    /** From so many watchers on it costs more to wake and to write to them than what they get. */
    private static final int MANY_WATCHERS = 32;

    /** How long such a round keeps the next one waiting, for each watcher of it, and at most. */
    private static final long PAUSE_NANOS_EACH = 20_000;

    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private final LinkedBlockingQueue<Work<A>> queue = new LinkedBlockingQueue<>(MOST_BEHIND);

    /** What waits for the rest of its group; the store's thread's own. */
    private final List<Share<A>> held = new ArrayList<>();

    /** Watchers of all resources. */
    private final List<Watcher<A>> ofAll = new CopyOnWriteArrayList<>();

    private final Thread thread;

    /** Up to here all watchers have their events. */
    private volatile long dispatched;

    Dispatcher(long revision) {
        dispatched = revision;
        thread = Thread.ofPlatform().daemon().name("watch-dispatcher").start(this::run);
    }

    long dispatched() {
        return dispatched;
    }

    /**
     * Called by one thread at a time. An interrupt of it does not lose the change; it is kept for
     * the caller.
     *
     * @param more another one follows at once; they go to the watchers together
     */
    void dispatch(long revision, List<Share<A>> shares, boolean more) {
        held.addAll(shares);
        if (more) {
            return;
        }
        Work<A> work = new Work<>(revision, List.copyOf(held));
        held.clear();
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(work);
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Work<A>> works = new ArrayList<>();
        try {
            while (true) {
                works.add(queue.take());
                queue.drainTo(works, MOST_AT_ONCE - 1);
                int woken = dispatch(works);
                dispatched = works.getLast().revision();
                works.clear();
                if (woken >= MANY_WATCHERS) {
                    long pause = Math.min(woken * PAUSE_NANOS_EACH, LONGEST_PAUSE_NANOS);
                    TimeUnit.NANOSECONDS.sleep(pause);
                }
            }
        } catch (InterruptedException _) {
            queue.clear(); // closed
        }
    }

    /** Returns how many watchers had something of it. */
    private int dispatch(List<Work<A>> works) {
        Map<ResourceCache<A>, List<CacheEvent<A>>> events = new LinkedHashMap<>();
        List<CacheEvent<A>> all = new ArrayList<>();
        for (Work<A> work : works) {
            for (Share<A> share : work.shares()) {
                List<CacheEvent<A>> changes = share.change().events();
                events.computeIfAbsent(share.resource(), _ -> new ArrayList<>()).addAll(changes);
                all.addAll(changes);
            }
        }
        // The program's own readers first: they are few.
        ofAll.removeIf(watcher -> !watcher.offer(all));
        int woken = 0;
        for (var resource : events.entrySet()) {
            woken += resource.getKey().dispatch(resource.getValue());
        }
        return woken;
    }

    void add(Watcher<A> watcher) {
        ofAll.add(watcher);
    }

    void remove(Watcher<A> watcher) {
        ofAll.remove(watcher);
    }

    void endAll(CacheWatch.Reason reason) {
        ofAll.forEach(watcher -> watcher.end(reason));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
