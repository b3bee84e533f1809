package io.hypernetes.scheduler;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.quota.Allocated;
import io.hypernetes.scheduler.SchedulingQueue.Taken;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.decision.Decider;
import io.hypernetes.scheduler.decision.Decision;
import io.hypernetes.scheduler.plugin.Profile;
import io.hypernetes.scheduler.plugin.Trigger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Binds the waiting pods of all tenants to the nodes of the operator's tenant.
 *
 * <p>One thread takes pods one by one from the {@link SchedulingQueue} and decides on the {@link
 * Cluster}, where it notes its decision before the binding is written, so that the next decision
 * counts it. Bindings and events are written by threads of their own.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final int WRITES_AT_ONCE = 32;

    private final SchedulerMirrors mirrors;
    private final VmOverhead overhead;
    private final Outcomes outcomes;
    private final Lookups lookups;
    private final Decider decider;
    private final SchedulingQueue queue = new SchedulingQueue();
    private final Semaphore writes = new Semaphore(WRITES_AT_ONCE);
    private final Thread thread;

    /** Guards the cluster and the nominated. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Cluster cluster = new Cluster();

    /** Waiting pods for which others were made to go, by uid, with the node meant for each. */
    private final Map<String, PodView> nominated = new HashMap<>();

    /** Starts the mirrors that are not started yet; they stay the caller's to close. */
    public Scheduler(Client client, SchedulerMirrors mirrors, VmOverhead overhead, Clock clock) {
        this.mirrors = mirrors;
        this.overhead = overhead;
        this.outcomes = new Outcomes(client, clock);
        this.lookups = new Lookups(client, mirrors);
        this.decider = new Decider(Profile.standard(lookups, lookups), lookups);
        this.thread = Thread.ofVirtual().name("scheduler").unstarted(this::run);
    }

    public Scheduler start() {
        mirrors.pods().listen(this::podChanged);
        mirrors.nodes().listen(this::nodeChanged);
        mirrors.claims().listen((_, _, _) -> queue.happened(Trigger.CLAIM_CHANGED));
        mirrors.volumes().listen((_, _, _) -> queue.happened(Trigger.CLAIM_CHANGED));
        mirrors.deviceClaims().listen((_, _, _) -> queue.happened(Trigger.CLAIM_CHANGED));
        mirrors.start();
        thread.start();
        return this;
    }

    @Override
    public void close() {
        queue.close();
        thread.interrupt();
    }

    private void podChanged(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        Optional<ObjectNode> before =
                old.filter(pod -> !isSame(pod, current) || PodView.hasEnded(current.orElse(pod)));
        before.ifPresent(pod -> gone(key, pod));
        if (current.isEmpty() || PodView.hasEnded(current.get())) {
            return;
        }
        ObjectNode pod = current.get();
        boolean changed = old.isEmpty() || before.isPresent() || concernsUs(old.get(), pod);
        if (!PodView.nodeOf(pod).isEmpty()) {
            if (changed) {
                placed(PodView.of(key, pod, overhead));
            }
        } else if (PodView.waits(pod)) {
            if (changed) {
                queue.add(key, pod.path("spec").path("priority").asInt(0));
            }
        } else {
            queue.forget(key);
            locked(() -> nominated.remove(Metadata.uid(pod)));
        }
    }

    private static boolean isSame(ObjectNode old, Optional<ObjectNode> current) {
        return current.isPresent() && Metadata.uid(old).equals(Metadata.uid(current.get()));
    }

    /** Statuses, our own condition on a refused pod among them, change nothing. */
    private static boolean concernsUs(ObjectNode old, ObjectNode pod) {
        return Metadata.isBeingDeleted(old) != Metadata.isBeingDeleted(pod)
                || !Allocated.counted(old).equals(Allocated.counted(pod))
                || !Metadata.labels(old).equals(Metadata.labels(pod))
                || !claimsMade(old).equals(claimsMade(pod));
    }

    private static JsonNode claimsMade(ObjectNode pod) {
        return pod.path("status").path("resourceClaimStatuses");
    }

    private void gone(ObjectKey key, ObjectNode pod) {
        String uid = Metadata.uid(pod);
        queue.forget(key);
        boolean made =
                locked(() -> {
                    boolean nominee = nominated.remove(uid) != null;
                    boolean there = cluster.placed(uid).isPresent();
                    cluster.remove(uid);
                    return there || nominee;
                });
        if (made) {
            queue.happened(Trigger.POD_GONE);
        }
    }

    private void placed(PodView pod) {
        queue.forget(pod.key());
        locked(() -> {
            nominated.remove(pod.uid());
            cluster.put(pod);
            return true;
        });
        queue.happened(Trigger.POD_PLACED);
    }

    private void nodeChanged(
            ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        Optional<NodeView> now = current.map(NodeView::of);
        if (old.isPresent() && now.equals(old.map(NodeView::of))) {
            return; // a heartbeat
        }
        locked(() -> {
            now.ifPresentOrElse(cluster::putNode, () -> cluster.removeNode(key.name()));
            return true;
        });
        queue.happened(Trigger.NODE_CHANGED);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            mirrors.awaitSynced();
            while (true) {
                Taken taken = queue.take();
                try {
                    schedule(taken);
                } catch (RuntimeException e) {
                    LOG.warn("cannot schedule {}, trying again", taken.key(), e);
                    queue.park(taken, Set.of(Trigger.values()));
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("the scheduler ends");
        }
    }

    private void schedule(Taken taken) throws InterruptedException {
        ObjectKey key = taken.key();
        Optional<ObjectNode> found = mirrors.pods().get(key).filter(PodView::waits);
        if (found.isEmpty()) {
            return; // gone, bound, or not ours any more
        }
        ObjectNode tree = found.get();
        PodView pod = PodView.of(key, tree, overhead);
        Optional<Decision> decision = locked(() -> decide(pod));
        if (decision.isEmpty()) {
            return; // its binding is on the way
        }
        switch (decision.get()) {
            case Decision.On(String node) -> write(key, () -> bind(taken, tree, pod.on(node)));
            case Decision.Nowhere nowhere -> {
                queue.park(taken, nowhere.helpedBy());
                write(key, () -> outcomes.refuse(key, tree, nowhere.message(), keep(pod)));
            }
            case Decision.Preempt(
                            String node,
                            List<PodView> victims,
                            Decision.Nowhere meanwhile) -> {
                queue.park(taken, meanwhile.helpedBy());
                write(
                        key,
                        () -> {
                            victims.forEach(victim -> outcomes.preempt(victim, tree, node));
                            outcomes.refuse(key, tree, meanwhile.message(), node);
                        });
            }
        }
    }

    /** Decides, and notes the decision where the next one sees it; empty for one that is placed. */
    private Optional<Decision> decide(PodView pod) {
        if (cluster.placed(pod.uid()).isPresent()) {
            return Optional.empty();
        }
        lookups.forget();
        Decision decision = decider.decide(pod, cluster, nominated.values());
        switch (decision) {
            case Decision.On(String node) -> {
                nominated.remove(pod.uid());
                cluster.put(pod.on(node));
            }
            case Decision.Preempt preempt -> nominated.put(pod.uid(), pod.on(preempt.node()));
            case Decision.Nowhere _ -> {
                if (!isAwaited(pod)) {
                    nominated.remove(pod.uid());
                }
            }
        }
        return Optional.of(decision);
    }

    /** Victims are still going, so what was meant for the pod stays meant for it. */
    private boolean isAwaited(PodView pod) {
        PodView nominee = nominated.get(pod.uid());
        return nominee != null
                && cluster.node(nominee.node()).stream()
                        .flatMap(node -> node.pods().stream())
                        .anyMatch(PodView::going);
    }

    private String keep(PodView pod) {
        return locked(
                () -> Optional.ofNullable(nominated.get(pod.uid())).map(PodView::node).orElse(""));
    }

    private void bind(Taken taken, ObjectNode tree, PodView pod) {
        try {
            outcomes.bind(taken.key(), tree, pod.node());
        } catch (RuntimeException e) {
            // Bound by someone else, deleted, or not written: the mirror will tell which.
            locked(() -> {
                cluster.remove(pod.uid());
                mirrors.pods()
                        .get(taken.key())
                        .filter(now -> !PodView.nodeOf(now).isEmpty())
                        .ifPresent(now -> cluster.put(PodView.of(taken.key(), now, overhead)));
                return true;
            });
            queue.park(taken, Set.of(Trigger.values()));
            queue.happened(Trigger.POD_GONE);
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
