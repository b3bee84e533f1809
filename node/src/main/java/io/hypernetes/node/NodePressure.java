package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.node.EvictionOrder.Candidate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Sees when this machine runs short of memory, disk or processes, says so for the node's
 * conditions, makes room by removing images that nobody uses, and at last has pods go, one at a
 * time ("Node-pressure Eviction", Kubernetes documentation). One virtual thread.
 */
final class NodePressure implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodePressure.class);

    /** As upstream's eviction manager. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private static final List<Shortage.Kind> KINDS = List.of(Shortage.Kind.values());

    /** Reads what is left. */
    @FunctionalInterface
    interface Gauge {
        Shortage.Left read() throws IOException;
    }

    /** Has a pod end for this reason; false when it is known to end already. */
    @FunctionalInterface
    interface Evictor {
        boolean evict(ObjectKey key, ObjectNode pod, String message);
    }

    /** Bytes of log files by container. */
    @FunctionalInterface
    interface Logs {
        Map<String, Long> of(ObjectKey key, ObjectNode pod);
    }

    /** Tells the operator, in an event of the node. */
    @FunctionalInterface
    interface Notices {
        void warn(String reason, String message);
    }

    private final Gauge gauge;
    private final ImageGarbage garbage;
    private final Supplier<List<TenantObject>> pods;
    private final UsageSource usages;
    private final Logs logs;
    private final Evictor evictor;
    private final Notices notices;
    private final Duration lasts;
    private final Runnable changed;
    private final Clock clock;
    private final Map<Shortage.Kind, Instant> lastSeen = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("node-pressure").unstarted(this::run);

    /**
     * @param pods that this machine runs
     * @param lasts how long a condition stays true after the machine was short last, so that it
     *     does not flutter
     * @param changed is run when a condition is another one
     */
    NodePressure(
            Gauge gauge,
            ImageGarbage garbage,
            Supplier<List<TenantObject>> pods,
            UsageSource usages,
            Logs logs,
            Evictor evictor,
            Notices notices,
            Duration lasts,
            Runnable changed,
            Clock clock) {
        this.gauge = gauge;
        this.garbage = garbage;
        this.pods = pods;
        this.usages = usages;
        this.logs = logs;
        this.evictor = evictor;
        this.notices = notices;
        this.lasts = lasts;
        this.changed = changed;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Whether the machine is, or was lately, short of it. */
    boolean isUnder(Shortage.Kind kind) {
        Instant seen = lastSeen.get(kind);
        return seen != null && seen.plus(lasts).isAfter(clock.instant());
    }

    /** How often is looked, when conditions last so long: several times before one would end. */
    static Duration period(Duration lasts) {
        Duration often = lasts.dividedBy(5);
        return often.compareTo(PERIOD) < 0 ? often : PERIOD;
    }

    private void run() {
        List<Boolean> before = KINDS.stream().map(this::isUnder).toList();
        try {
            while (true) {
                Thread.sleep(period(lasts));
                pass();
                List<Boolean> now = KINDS.stream().map(this::isUnder).toList();
                if (!now.equals(before)) {
                    changed.run();
                }
                before = now;
            }
        } catch (InterruptedException _) {
            LOG.debug("the machine's resources are watched no more");
        }
    }

    void pass() {
        try {
            Shortage.Left left = gauge.read();
            long missing = garbage.pass(left.disk());
            if (missing > 0) {
                LOG.warn("{} bytes more should be free, but no further image can go", missing);
                notices.warn(
                        "FreeDiskSpaceFailed",
                        "Failed to garbage collect required amount of images: %d bytes more should be free"
                                .formatted(missing));
            }
            Map<Shortage.Kind, Shortage> shortages = shortages(gauge.read());
            shortages.keySet().forEach(kind -> lastSeen.put(kind, clock.instant()));
            // The processes of pods are their guests' own: no pod that goes leaves any here.
            shortages.remove(Shortage.Kind.PROCESSES);
            shortages.keySet().stream()
                    .findFirst()
                    .ifPresent(kind ->
                            notices.warn(
                                    "EvictionThresholdMet",
                                    "Attempting to reclaim " + kind.resource()));
            if (shortages.containsKey(Shortage.Kind.DISK)) {
                garbage.freeAll();
                shortages = shortages(gauge.read());
                shortages.remove(Shortage.Kind.PROCESSES);
            }
            shortages.values().stream().findFirst().ifPresent(this::relieve);
        } catch (IOException e) {
            LOG.warn("what is left of the machine's resources cannot be read", e);
        }
    }

    private static Map<Shortage.Kind, Shortage> shortages(Shortage.Left left) {
        Map<Shortage.Kind, Shortage> shortages = new EnumMap<>(Shortage.Kind.class);
        for (Shortage.Kind kind : Shortage.Kind.values()) {
            left.of(kind).ifPresent(shortage -> shortages.put(kind, shortage));
        }
        return shortages;
    }

    /** At most one pod goes at a time; what it leaves is seen the next time. */
    private void relieve(Shortage shortage) {
        List<Candidate> candidates = new ArrayList<>();
        for (TenantObject item : pods.get()) {
            ObjectNode pod = item.object();
            ObjectKey key =
                    new ObjectKey(item.tenant(), Metadata.namespace(pod), Metadata.name(pod));
            candidates.add(new Candidate(key, pod, used(shortage.kind(), key, pod)));
        }
        EvictionOrder order = new EvictionOrder(shortage.kind());
        Optional<Candidate> gone =
                order.of(candidates).stream()
                        .filter(one ->
                                evictor.evict(
                                        one.key(),
                                        one.pod(),
                                        shortage.message() + order.details(one)))
                        .findFirst();
        LOG.warn(
                "the machine is low on {}: {}",
                shortage.kind().resource(),
                gone.map(one -> Metadata.name(one.pod()) + " has to go")
                        .orElse("no pod can be made to go"));
    }

    /** Of the machine's disk, pods have their logs: the rest is volumes, which outlive them. */
    private Map<String, Long> used(Shortage.Kind kind, ObjectKey key, ObjectNode pod) {
        if (kind == Shortage.Kind.DISK) {
            return logs.of(key, pod);
        }
        Map<String, Long> used = new HashMap<>();
        usages.pod(key)
                .ifPresent(usage ->
                        usage.containers()
                                .forEach((name, amount) -> used.put(name, amount.memoryBytes())));
        return used;
    }
}
