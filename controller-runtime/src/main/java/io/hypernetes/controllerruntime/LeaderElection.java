package io.hypernetes.controllerruntime;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Of several servers one leads: the one that holds a Lease in {@code kube-system} of the operator's
 * world and renews it. The rules are those of client-go's leader election: a candidate believes a
 * Lease as long as it has seen it change within the Lease's duration by its own clock, so the
 * servers' clocks need not agree; a leader that could not renew in time gives up before another can
 * begin.
 *
 * <p>One thread runs everything, also the start and the end of what is led.
 */
public final class LeaderElection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
    private static final String NAMESPACE = "kube-system";

    /** Kubernetes' MicroTime. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /**
     * @param lease others may take it that long after they last saw it renewed
     * @param renew the leader gives up when it could not renew for that long; shorter
     * @param retry how often is tried
     */
    public record Timing(Duration lease, Duration renew, Duration retry) {
        /** As kube-controller-manager and kube-scheduler do. */
        public static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    private final Client client;
    private final ObjectKey key;
    private final String identity;
    private final Timing timing;
    private final Clock clock;
    private final Supplier<AutoCloseable> lead;
    private final ExecutorService thread;

    /** The Lease as it was last seen, and when it last changed; of the thread alone. */
    private String seen = "";

    private long seenNanos;
    private long renewedNanos;
    private @Nullable AutoCloseable led;

    private volatile boolean leader;

    /**
     * @param identity of this server, unique
     * @param lead starts what the leader alone does; closed when it no longer leads
     */
    public LeaderElection(
            Client client,
            String lease,
            String identity,
            Timing timing,
            Clock clock,
            Supplier<AutoCloseable> lead) {
        this.client = client;
        this.key = new ObjectKey(Tenant.SYSTEM, NAMESPACE, lease);
        this.identity = identity;
        this.timing = timing;
        this.clock = clock;
        this.lead = lead;
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofVirtual().name("leader-election").factory());
    }

    public LeaderElection start() {
        thread.execute(this::run);
        return this;
    }

    /** Whether this server leads now. */
    public boolean isLeader() {
        return leader;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (tryToHold()) {
                    renewedNanos = System.nanoTime();
                    begin();
                } else if (led != null
                        && System.nanoTime() - renewedNanos >= timing.renew().toNanos()) {
                    LOG.warn("the lease {} could not be renewed: no longer leading", key.name());
                    end();
                }
                Thread.sleep(timing.retry());
            }
        } catch (InterruptedException _) {
            LOG.debug("no longer a candidate for {}", key.name());
        } finally {
            boolean held = leader;
            end();
            if (held) {
                Thread.interrupted(); // who wants the end wants the lease given back too
                release();
            }
        }
    }

    private void begin() {
        if (led == null) {
            LOG.info("{} leads ({})", identity, key.name());
            leader = true;
            try {
                led = lead.get();
            } catch (RuntimeException e) {
                LOG.warn("{} could not begin to lead and tries again", identity, e);
                leader = false;
            }
        }
    }

    private void end() {
        leader = false;
        AutoCloseable ending = led;
        led = null;
        if (ending != null) {
            try {
                ending.close();
            } catch (Exception e) {
                LOG.warn("what was led did not end in good order", e);
            }
        }
    }

    /** True when the Lease is ours for its whole duration from now. */
    private boolean tryToHold() {
        try {
            Optional<ObjectNode> found = client.find(BuiltinTypes.LEASES, key);
            if (found.isEmpty()) {
                client.create(BuiltinTypes.LEASES, Tenant.SYSTEM, fresh());
                return true;
            }
            ObjectNode lease = found.get();
            ObjectNode spec = lease.withObjectProperty("spec");
            String holder = spec.path("holderIdentity").asString("");
            if (!holder.equals(identity) && !holder.isEmpty() && isAlive(lease, spec)) {
                if (led != null) {
                    LOG.warn("{} has taken the lease {}: no longer leading", holder, key.name());
                    end();
                }
                return false;
            }
            String now = MICROS.format(clock.instant());
            if (!holder.equals(identity)) {
                spec.put("holderIdentity", identity)
                        .put("acquireTime", now)
                        .put("leaseTransitions", spec.path("leaseTransitions").asInt(0) + 1);
            }
            spec.put("renewTime", now).put("leaseDurationSeconds", seconds());
            client.update(BuiltinTypes.LEASES, Tenant.SYSTEM, lease);
            return true;
        } catch (ApiException e) {
            if (!e.is(Reason.CONFLICT) && !e.is(Reason.ALREADY_EXISTS)) {
                LOG.warn("the lease {} cannot be had now: {}", key.name(), e.getMessage());
            }
            return false;
        } catch (RuntimeException e) {
            LOG.warn("the lease {} cannot be had now: {}", key.name(), e.toString());
            return false;
        }
    }

    /** Whether another holds it: it has changed within its duration since we looked. */
    private boolean isAlive(ObjectNode lease, ObjectNode spec) {
        String version = lease.path("metadata").path("resourceVersion").asString("");
        long now = System.nanoTime();
        if (!version.equals(seen)) {
            seen = version;
            seenNanos = now;
        }
        Duration duration = Duration.ofSeconds(spec.path("leaseDurationSeconds").asInt(seconds()));
        return now - seenNanos < duration.toNanos();
    }

    private ObjectNode fresh() {
        String now = MICROS.format(clock.instant());
        ObjectNode lease = Json.object();
        lease.putObject("metadata").put("name", key.name()).put("namespace", NAMESPACE);
        lease.putObject("spec")
                .put("holderIdentity", identity)
                .put("leaseDurationSeconds", seconds())
                .put("acquireTime", now)
                .put("renewTime", now)
                .put("leaseTransitions", 0);
        return lease;
    }

    private int seconds() {
        return Math.max(1, (int) timing.lease().toSeconds());
    }

    /** Lets the next one begin at once. */
    private void release() {
        try {
            ObjectNode lease = client.get(BuiltinTypes.LEASES, key);
            ObjectNode spec = lease.withObjectProperty("spec");
            if (spec.path("holderIdentity").asString("").equals(identity)) {
                spec.put("holderIdentity", "").put("leaseDurationSeconds", 1);
                client.update(BuiltinTypes.LEASES, Tenant.SYSTEM, lease);
            }
        } catch (RuntimeException e) {
            LOG.debug("the lease {} was not released: {}", key.name(), e.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
