package io.hypernetes.store.cache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One thread that hands changes to watchers, so that a commit waits for none of them. Its own queue
 * is bounded: should it ever fall so far behind, writers wait for it.
 */
final class Dispatcher<A> implements AutoCloseable {

    /** A resource and its share of a transaction. */
    record Share<A>(ResourceCache<A> resource, Window.Change<A> change) {}

    private record Work<A>(long revision, List<Share<A>> shares) {}

    private static final int MOST_BEHIND = 1 << 16;

    private final LinkedBlockingQueue<Work<A>> queue = new LinkedBlockingQueue<>(MOST_BEHIND);

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

    /** An interrupt of the calling thread does not lose the change; it is kept for the caller. */
    void dispatch(long revision, List<Share<A>> shares) {
        Work<A> work = new Work<>(revision, shares);
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
        try {
            while (true) {
                Work<A> work = queue.take();
                for (Share<A> share : work.shares()) {
                    share.resource().dispatch(share.change());
                    ofAll.removeIf(watcher -> isGone(watcher, share.change()));
                }
                dispatched = work.revision();
            }
        } catch (InterruptedException _) {
            queue.clear(); // closed
        }
    }

    private static <A> boolean isGone(Watcher<A> watcher, Window.Change<A> change) {
        for (CacheEvent<A> event : change.events()) {
            if (!watcher.offer(event)) {
                return true;
            }
        }
        return false;
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
