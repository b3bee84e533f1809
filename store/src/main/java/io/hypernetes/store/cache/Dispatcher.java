package io.hypernetes.store.cache;

import java.util.List;
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
                }
                dispatched = work.revision();
            }
        } catch (InterruptedException _) {
            queue.clear(); // closed
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
