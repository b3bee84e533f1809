package io.hypernetes.store.cache;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A watch's queue: the dispatcher fills it, the watcher's thread empties it. */
final class Watcher<A> implements CacheWatch<A> {

    private static final int MOST_AT_ONCE = 1000;

    /**
     * What may wait to be polled; whoever lets more wait is too slow.
     *
     * @param events how many
     * @param bytes of their objects
     */
    record Limits(int events, long bytes) {}

    private final Limits limits;
    private final long start;
    private final long joined;
    private final LongSupplier dispatched;
    private final Consumer<Watcher<A>> onClose;

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<CacheEvent<A>> queue;

    /** How many of the queue are from before the watch began and do not count. */
    private int past;

    /** The bytes of the others. */
    private long bytes;

    private @Nullable Reason ended;

    /**
     * @param start the revision after which the watch begins
     * @param joined what the dispatcher brings up to here is among {@code past}
     * @param dispatched the revision up to which all watchers of the cache have their events
     */
    Watcher(
            List<CacheEvent<A>> past,
            long start,
            long joined,
            Limits limits,
            LongSupplier dispatched,
            Consumer<Watcher<A>> onClose) {
        this.queue = new ArrayDeque<>(past);
        this.past = past.size();
        this.start = start;
        this.joined = joined;
        this.limits = limits;
        this.dispatched = dispatched;
        this.onClose = onClose;
    }

    /** False when this watch has ended and wants no more. */
    boolean offer(List<CacheEvent<A>> events) {
        lock.lock();
        try {
            if (ended != null) {
                return false;
            }
            for (CacheEvent<A> event : events) {
                if (event.revision() <= joined) {
                    continue;
                }
                int waiting = queue.size() - past;
                boolean tooLarge = waiting > 0 && bytes + event.weight() > limits.bytes();
                if (waiting >= limits.events() || tooLarge) {
                    endLocked(Reason.TOO_SLOW);
                    return false;
                }
                queue.add(event);
                bytes += event.weight();
            }
            if (!queue.isEmpty()) {
                changed.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end(Reason reason) {
        lock.lock();
        try {
            if (ended == null) {
                endLocked(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    private void endLocked(Reason reason) {
        ended = reason;
        queue.clear();
        changed.signalAll();
    }

    @Override
    public Delivery<A> poll(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && ended == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            return ended != null ? new Ended<>(ended) : take();
        } finally {
            lock.unlock();
        }
    }

    private Events<A> take() {
        // Read before the queue is: what was dispatched up to here has been queued.
        long complete = Math.max(joined, dispatched.getAsLong());
        int count = Math.min(queue.size(), MOST_AT_ONCE);
        List<CacheEvent<A>> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            CacheEvent<A> event = queue.remove();
            events.add(event);
            bytes -= i < past ? 0 : event.weight();
        }
        past = Math.max(0, past - count);
        CacheEvent<A> next = queue.peek();
        long delivered = next == null ? complete : Math.min(complete, next.revision() - 1);
        return new Events<>(events, Math.max(start, delivered));
    }

    @Override
    public void close() {
        end(Reason.CLOSED);
        onClose.accept(this);
    }
}
