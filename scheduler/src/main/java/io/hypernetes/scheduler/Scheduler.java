package io.hypernetes.scheduler;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.WorkQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Binds the waiting pods of all tenants to the nodes of the operator's tenant.
 *
 * <p>One thread takes pods one by one and decides from the nodes' mirror and the {@link Ledger}; it
 * notes its decision there before the binding is written, so that the next decision counts it. A
 * pod that fits nowhere waits until a node changes or a pod goes, and is tried at most once per its
 * backoff of 1 to 10 s.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final long FIRST_BACKOFF_MILLIS = 1000;
    private static final long LONGEST_BACKOFF_MILLIS = 10_000;
    private static final int WRITES_AT_ONCE = 32;

    /** A pod that fits nowhere: how often it was tried, and when it may be again. */
    private record Refused(int attempts, long notBeforeNanos) {}

    private final Informer pods;
    private final Informer nodes;
    private final VmOverhead overhead;
    private final Outcomes outcomes;
    private final Ledger ledger = new Ledger();
    private final WorkQueue<ObjectKey> queue = new WorkQueue<>();
    private final Map<ObjectKey, Refused> refused = new ConcurrentHashMap<>();

    /** Counts what may make room, so that a change during a decision is not missed. */
    private final AtomicLong changes = new AtomicLong();

    private final Semaphore writes = new Semaphore(WRITES_AT_ONCE);
    private final Thread thread;

    /**
     * Shares the informers it is given; they are started if they are not yet.
     *
     * @param pods of all tenants
     * @param nodes of the operator's tenant
     */
    public Scheduler(
            Client client, Informer pods, Informer nodes, VmOverhead overhead, Clock clock) {
        this.pods = pods;
        this.nodes = nodes;
        this.overhead = overhead;
        this.outcomes = new Outcomes(client, clock);
        this.thread = Thread.ofVirtual().name("scheduler").unstarted(this::run);
    }

    public Scheduler start() {
        pods.listen(this::podChanged);
        nodes.listen(this::nodeChanged);
        pods.start();
        nodes.start();
        thread.start();
        return this;
    }

    @Override
    public void close() {
        queue.close();
        thread.interrupt();
    }

    private void podChanged(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        boolean replaced =
                old.isPresent()
                        && current.isPresent()
                        && !Metadata.uid(old.get()).equals(Metadata.uid(current.get()));
        if (current.isEmpty() || replaced || Pods.hasEnded(current.get())) {
            old.ifPresent(pod -> ledger.remove(Metadata.uid(pod)));
            current.filter(Pods::hasEnded).ifPresent(pod -> ledger.remove(Metadata.uid(pod)));
            refused.remove(key);
            retryRefused();
        }
        if (current.isEmpty() || Pods.hasEnded(current.get())) {
            return;
        }
        ObjectNode pod = current.get();
        if (!Pods.node(pod).isEmpty()) {
            refused.remove(key);
            ledger.put(Metadata.uid(pod), Pods.node(pod), Demand.of(pod, overhead));
        } else if (Pods.waits(pod) && (old.isEmpty() || replaced || concernsUs(old.get(), pod))) {
            queue.add(key);
        }
    }

    /** Our own condition on a refused pod must not bring it back at once. */
    private static boolean concernsUs(ObjectNode old, ObjectNode pod) {
        return !old.path("spec").equals(pod.path("spec"));
    }

    private void nodeChanged(
            ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        if (old.isEmpty() || current.isEmpty() || !looks(old.get()).equals(looks(current.get()))) {
            retryRefused();
        }
    }

    /** A node's heartbeats change nothing that a filter looks at. */
    private static NodeView looks(ObjectNode node) {
        return NodeView.of(node, Amounts.NONE);
    }

    private void retryRefused() {
        changes.incrementAndGet();
        long now = System.nanoTime();
        refused.forEach((key, last) ->
                queue.add(key, Duration.ofNanos(Math.max(0, last.notBeforeNanos() - now))));
    }

    private void run() {
        try {
            nodes.awaitSynced();
            pods.awaitSynced();
            while (true) {
                ObjectKey key = queue.take();
                try {
                    schedule(key);
                } catch (RuntimeException e) {
                    LOG.warn("cannot schedule {}, trying again", key, e);
                    queue.add(key, Duration.ofMillis(LONGEST_BACKOFF_MILLIS));
                } finally {
                    queue.done(key);
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("the scheduler ends");
        }
    }

    private void schedule(ObjectKey key) throws InterruptedException {
        Optional<ObjectNode> found = pods.get(key).filter(Pods::waits);
        if (found.isEmpty() || ledger.has(Metadata.uid(found.get()))) {
            return; // gone, bound, or its binding is on the way
        }
        ObjectNode pod = found.get();
        Amounts demand = Demand.of(pod, overhead);
        long before = changes.get();
        List<NodeView> views =
                nodes.objects().stream()
                        .map(node -> NodeView.of(node, ledger.usedOn(Metadata.name(node))))
                        .toList();
        switch (Placement.choose(pod, demand, views)) {
            case Placement.On(String node) -> {
                ledger.put(Metadata.uid(pod), node, demand);
                write(key, () -> bind(key, pod, node));
            }
            case Placement.Nowhere(String message) -> {
                remember(key);
                if (changes.get() != before) {
                    retryRefused();
                }
                write(key, () -> outcomes.refuse(key, pod, message));
            }
        }
    }

    private void remember(ObjectKey key) {
        Refused last = refused.getOrDefault(key, new Refused(0, 0));
        long millis =
                Math.min(
                        LONGEST_BACKOFF_MILLIS,
                        FIRST_BACKOFF_MILLIS << Math.min(last.attempts(), 4));
        long notBefore = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        refused.put(key, new Refused(last.attempts() + 1, notBefore));
    }

    private void bind(ObjectKey key, ObjectNode pod, String node) {
        try {
            outcomes.bind(key, pod, node);
            refused.remove(key);
        } catch (RuntimeException e) {
            // Bound by someone else, deleted, or not written: the mirror will tell which.
            ledger.remove(Metadata.uid(pod));
            pods.get(key)
                    .filter(now -> !Pods.node(now).isEmpty())
                    .ifPresent(now ->
                            ledger.put(
                                    Metadata.uid(now), Pods.node(now), Demand.of(now, overhead)));
            queue.add(key, Duration.ofMillis(FIRST_BACKOFF_MILLIS));
            throw e;
        }
    }

    /**
     * Writes in a thread of its own; the scheduling thread waits only when too many are under way.
     */
    private void write(ObjectKey key, Runnable action) throws InterruptedException {
        writes.acquire();
        Thread.ofVirtual()
                .name("scheduler-write")
                .start(() -> {
                    try {
                        action.run();
                    } catch (ApiException e) {
                        boolean race = e.is(Reason.CONFLICT) || e.is(Reason.NOT_FOUND);
                        LOG.atLevel(race ? Level.DEBUG : Level.WARN)
                                .log("{}: {}", key, e.getMessage());
                    } catch (RuntimeException e) {
                        LOG.warn("cannot write what became of {}", key, e);
                    } finally {
                        writes.release();
                    }
                });
    }
}
