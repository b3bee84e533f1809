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
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** Upstream's {@code evictionPressureTransitionPeriod}: a condition does not flutter. */
    private static final Duration LASTS = Duration.ofMinutes(5);

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

    private final Gauge gauge;
    private final ImageGarbage garbage;
    private final Supplier<List<TenantObject>> pods;
    private final UsageSource usages;
    private final Evictor evictor;
    private final Clock clock;
    private final Map<Shortage.Kind, Instant> lastSeen = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("node-pressure").unstarted(this::run);

    /**
     * @param pods that this machine runs
     */
    NodePressure(
            Gauge gauge,
            ImageGarbage garbage,
            Supplier<List<TenantObject>> pods,
            UsageSource usages,
            Evictor evictor,
            Clock clock) {
        this.gauge = gauge;
        this.garbage = garbage;
        this.pods = pods;
        this.usages = usages;
        this.evictor = evictor;
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
        return seen != null && seen.plus(LASTS).isAfter(clock.instant());
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                pass();
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
            }
            Map<Shortage.Kind, Shortage> shortages = shortages(gauge.read());
            shortages.keySet().forEach(kind -> lastSeen.put(kind, clock.instant()));
            if (shortages.containsKey(Shortage.Kind.DISK)) {
                garbage.freeAll();
                shortages = shortages(gauge.read());
            }
            // The processes of pods are their guests' own: no pod that goes leaves any here.
            shortages.remove(Shortage.Kind.PROCESSES);
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
            candidates.add(new Candidate(key, pod, used(shortage.kind(), key)));
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

    /** Guests have their disks in memory, or as volumes: no pod takes the machine's own disk. */
    private Map<String, Long> used(Shortage.Kind kind, ObjectKey key) {
        if (kind != Shortage.Kind.MEMORY) {
            return Map.of();
        }
        Map<String, Long> used = new HashMap<>();
        usages.pod(key)
                .ifPresent(usage ->
                        usage.containers()
                                .forEach((name, amount) -> used.put(name, amount.memoryBytes())));
        return used;
    }
}
