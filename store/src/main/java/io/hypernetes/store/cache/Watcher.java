package io.hypernetes.store.cache;

import io.hypernetes.store.CompactedException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** A watch's queue: the dispatcher fills it, the watcher's thread empties it. */
final class Watcher<A> implements CacheWatch<A> {

    static final int MOST_AT_ONCE = 1000;

    /**
     * Events from before the watch began.
     *
     * @param revision up to which these are all
     */
    record Past<A>(List<CacheEvent<A>> events, long revision) {}

    /**
     * What may wait to be polled; whoever lets more wait is too slow.
     *
     * @param events how many
     * @param bytes of their objects
     */
    record Limits(int events, long bytes) {}

    private final LongFunction<Past<A>> past;
    private final Limits limits;
    private final long joined;
    private final LongSupplier dispatched;
    private final Consumer<Watcher<A>> onClose;

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<CacheEvent<A>> queue = new ArrayDeque<>();

    /** The bytes of what waits. */
    private long bytes;

    private @Nullable Reason ended;

    /** Everything up to here has been delivered; the polling thread's own. */
    private long seen;

    /**
     * @param past what comes after a revision, up to {@code joined}; throws CompactedException when
     *     that is no longer kept
     * @param start the revision after which the watch begins
     * @param joined the dispatcher brings what is after this
     * @param dispatched the revision up to which all watchers of the cache have their events
     */
    Watcher(
            LongFunction<Past<A>> past,
            long start,
            long joined,
            Limits limits,
            LongSupplier dispatched,
            Consumer<Watcher<A>> onClose) {
        this.past = past;
        this.seen = start;
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
                boolean tooLarge = !queue.isEmpty() && bytes + event.weight() > limits.bytes();
                if (queue.size() >= limits.events() || tooLarge) {
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
        if (seen < joined) {
            Delivery<A> before = pollPast();
            if (!(before instanceof Events<A> some) || !some.events().isEmpty()) {
                return before;
            }
        }
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

    /** Without our lock: the owner of the past takes ours while it has its own. */
    private Delivery<A> pollPast() {
        Optional<Reason> end = ended();
        if (end.isPresent()) {
            return new Ended<>(end.get());
        }
        try {
            Past<A> next = past.apply(seen);
            seen = next.revision();
            return new Events<>(next.events(), seen);
        } catch (CompactedException _) {
            end(Reason.EXPIRED);
            return new Ended<>(Reason.EXPIRED);
        }
    }

    private Optional<Reason> ended() {
        lock.lock();
        try {
            return Optional.ofNullable(ended);
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
            bytes -= event.weight();
        }
        CacheEvent<A> next = queue.peek();
        long delivered = next == null ? complete : Math.min(complete, next.revision() - 1);
        seen = Math.max(seen, delivered);
        return new Events<>(events, seen);
    }

    @Override
    public void close() {
        end(Reason.CLOSED);
        onClose.accept(this);
    }
}
