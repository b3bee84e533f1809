package io.hypernetes.controllerruntime;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys waiting for work. A key is in the queue once, however often it is added, and is never handed
 * to two workers at a time: one that is added while it is worked on comes again afterwards.
 *
 * <p>All state is guarded by {@code lock}.
 *
 * @param <K> a value with equals and hashCode
 */
public final class WorkQueue<K> {

    private record Waiting<K>(K key, long dueNanos) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Waiting<K>> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::dueNanos));
    private final Map<K, Long> due = new HashMap<>();
    private final Set<K> working = new HashSet<>();
    private final Map<K, Long> again = new HashMap<>();
    private boolean closed;

    /** Due now. */
    public void add(K key) {
        add(key, Duration.ZERO);
    }

    /** Due after {@code delay}; an earlier due time that is already set stays. */
    public void add(K key, Duration delay) {
        long when = System.nanoTime() + delay.toNanos();
        lock.lock();
        try {
            if (working.contains(key)) {
                again.merge(key, when, WorkQueue::earlier);
            } else {
                schedule(key, when);
            }
        } finally {
            lock.unlock();
        }
    }

    private void schedule(K key, long when) {
        Long before = due.get(key);
        if (before != null && before - when <= 0) {
            return;
        }
        due.put(key, when);
        waiting.add(new Waiting<>(key, when));
        changed.signalAll();
    }

    /**
     * Waits for a key that is due. The caller must give it back with {@link #done}.
     *
     * @throws InterruptedException also when the queue is closed
     */
    public K take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new InterruptedException("the queue is closed");
                }
                Waiting<K> first = waiting.peek();
                if (first == null) {
                    changed.await();
                    continue;
                }
                long left = first.dueNanos() - System.nanoTime();
                if (left > 0) {
                    changed.await(left, TimeUnit.NANOSECONDS);
                    continue;
                }
                waiting.remove();
                // An entry whose key has since been taken or moved to an earlier time is stale.
                if (due.remove(first.key(), first.dueNanos())) {
                    working.add(first.key());
                    return first.key();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The worker has finished with this key. */
    public void done(K key) {
        lock.lock();
        try {
            working.remove(key);
            Long when = again.remove(key);
            if (when != null) {
                schedule(key, when);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all {@link #take}s. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Keys that wait, due or not, without those being worked on. */
    public int size() {
        lock.lock();
        try {
            return due.size();
        } finally {
            lock.unlock();
        }
    }

    private static Long earlier(Long a, Long b) {
        return a - b <= 0 ? a : b;
    }
}
