package io.hypernetes.scheduler;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.scheduler.plugin.Trigger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pods that wait for a node. The higher priority comes first; within one priority tenants take
 * turns, so that one with ten thousand pods waiting holds up nobody by more than one pod.
 *
 * <p>A pod that fitted nowhere is parked until something happens that may help it, and is then
 * tried at most once per its backoff of 1 to 10 s; after five minutes it is tried anyway. All state
 * is guarded by {@code lock}.
 */
final class SchedulingQueue {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);
    private static final int DOUBLINGS = 4;
    private static final int PROMPT_TRIES = 3;
    private static final Duration LONGEST_PARKED = Duration.ofMinutes(5);

    /**
     * @param since what happened from here on may have been overlooked by the decision
     */
    record Taken(ObjectKey key, int priority, long since) {}

    private record Parked(int priority, long notBefore, Set<Trigger> helpedBy) {}

    private record Timer(ObjectKey key, Parked parked, long due) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Integer, Map<Tenant, Deque<ObjectKey>>> active =
            new TreeMap<>(Comparator.reverseOrder());
    private final Set<ObjectKey> queued = new HashSet<>();
    private final Map<ObjectKey, Parked> parked = new HashMap<>();
    private final Map<ObjectKey, Integer> attempts = new HashMap<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::due));
    private final Map<Trigger, Long> happened = new EnumMap<>(Trigger.class);
    private long sequence;
    private boolean closed;

    /** A pod that is new or has changed: tried as soon as it is its turn. */
    void add(ObjectKey key, int priority) {
        lock.lock();
        try {
            parked.remove(key);
            activate(key, priority);
        } finally {
            lock.unlock();
        }
    }

    private void activate(ObjectKey key, int priority) {
        if (queued.add(key)) {
            active.computeIfAbsent(priority, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(key.tenant(), _ -> new ArrayDeque<>())
                    .add(key);
            changed.signal();
        }
    }

    /** The pod has a node, or is gone. One that is in line is found out when it is taken. */
    void forget(ObjectKey key) {
        lock.lock();
        try {
            parked.remove(key);
            attempts.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** The pod fits nowhere, until one of these happens. */
    void park(Taken taken, Set<Trigger> helpedBy) {
        lock.lock();
        try {
            int count = attempts.merge(taken.key(), 1, Integer::sum);
            Duration wait = backoff(count, helpedBy);
            long now = System.nanoTime();
            Parked state = new Parked(taken.priority(), now + wait.toNanos(), Set.copyOf(helpedBy));
            parked.put(taken.key(), state);
            boolean missed =
                    helpedBy.stream().anyMatch(t -> happened.getOrDefault(t, 0L) > taken.since());
            timer(taken.key(), state, missed ? state.notBefore() : now + LONGEST_PARKED.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /**
     * A claim is mostly bound within milliseconds, and its pod waits for nothing else: the first
     * changes of claims bring it back at once.
     */
    private static Duration backoff(int count, Set<Trigger> helpedBy) {
        if (count <= PROMPT_TRIES && helpedBy.contains(Trigger.CLAIM_CHANGED)) {
            return Duration.ZERO;
        }
        Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(count - 1, DOUBLINGS));
        return backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff : LONGEST_BACKOFF;
    }

    /** Those that it may help are tried again, when their backoff is over. */
    void happened(Trigger trigger) {
        lock.lock();
        try {
            happened.put(trigger, ++sequence);
            List<Timer> helped = new ArrayList<>();
            parked.forEach((key, state) -> {
                if (state.helpedBy().contains(trigger)) {
                    helped.add(new Timer(key, state, state.notBefore()));
                }
            });
            // From now on its own timer brings it back; no need to be told again.
            helped.forEach(timer -> {
                Parked state = new Parked(timer.parked().priority(), timer.due(), Set.of());
                parked.put(timer.key(), state);
                timer(timer.key(), state, timer.due());
            });
        } finally {
            lock.unlock();
        }
    }

    private void timer(ObjectKey key, Parked state, long due) {
        timers.add(new Timer(key, state, due));
        changed.signal();
    }

    /**
     * Waits for the next pod.
     *
     * @throws InterruptedException also when the queue is closed
     */
    Taken take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new InterruptedException("the queue is closed");
                }
                long now = System.nanoTime();
                while (!timers.isEmpty() && timers.peek().due() - now <= 0) {
                    ring(timers.remove());
                }
                if (!active.isEmpty()) {
                    return next();
                }
                Timer first = timers.peek();
                if (first == null) {
                    changed.await();
                } else {
                    changed.await(first.due() - now, TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A timer of a pod that has since been parked anew, or has gone, is stale. */
    private void ring(Timer timer) {
        if (parked.remove(timer.key(), timer.parked())) {
            activate(timer.key(), timer.parked().priority());
        }
    }

    /** The tenant whose turn it was goes to the end of its priority's line. */
    private Taken next() {
        Map.Entry<Integer, Map<Tenant, Deque<ObjectKey>>> first = active.firstEntry();
        Map<Tenant, Deque<ObjectKey>> tenants = first.getValue();
        Map.Entry<Tenant, Deque<ObjectKey>> turn = tenants.entrySet().iterator().next();
        Deque<ObjectKey> line = turn.getValue();
        Tenant tenant = turn.getKey();
        ObjectKey key = line.remove();
        tenants.remove(tenant);
        if (!line.isEmpty()) {
            tenants.put(tenant, line);
        }
        if (tenants.isEmpty()) {
            active.remove(first.getKey());
        }
        queued.remove(key);
        return new Taken(key, first.getKey(), sequence);
    }

    /** Ends {@link #take}. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
