package io.hypernetes.node;

import io.hypernetes.node.SandboxView.ContainerView;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the agent remembers of one incarnation of a pod between two looks: back-offs, probe results,
 * the reasons containers wait for. Losing it costs a repeated probe or an early retry, no more.
 *
 * <p>Used by the pod's worker and its probes at once.
 */
final class PodMemory {

    /** Why a container does not run yet, as {@code state.waiting} shows it. */
    record Waiting(String reason, String message) {}

    /** The outcome of the latest probes of a container. */
    record Health(boolean started, boolean ready) {}

    /**
     * Where a resize of the pod is (KEP-1287).
     *
     * @param pending why it has not begun: Deferred or Infeasible
     * @param inProgress it has begun; what has failed of it, or nothing
     */
    record Resize(Optional<Waiting> pending, Optional<Waiting> inProgress) {
        static final Resize NONE = new Resize(Optional.empty(), Optional.empty());
        static final Resize UNDER_WAY =
                new Resize(Optional.empty(), Optional.of(new Waiting("", "")));
    }

    private volatile Resize resize = Resize.NONE;

    /**
     * Why it has to go.
     *
     * @param byShortage because its node is short of something, not by what it did itself: it was
     *     disrupted
     */
    record Eviction(String message, boolean byShortage) {}

    /** Empty while it may stay. */
    private volatile Optional<Eviction> eviction = Optional.empty();

    private volatile boolean portIsReady;
    private volatile Optional<String> restartsAll = Optional.empty();

    private final Set<String> startAnew = ConcurrentHashMap.newKeySet();
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<String, Health> health = new ConcurrentHashMap<>();
    private final Map<String, Backoff> restarts = new ConcurrentHashMap<>();
    private final Map<String, Backoff> pulls = new ConcurrentHashMap<>();
    private final Backoff starts = Backoff.ofStarts();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Backoff sandboxes = Backoff.ofRestarts();
    private final Map<String, ContainerView> lost = new ConcurrentHashMap<>();
    private final Map<String, String> imageVolumes = new ConcurrentHashMap<>();
    private final Map<String, Integer> pushed = new ConcurrentHashMap<>();

    /** The id of the image that a volume is, once it is here. */
    Optional<String> imageVolume(String volume) {
        return Optional.ofNullable(imageVolumes.get(volume));
    }

    void imageVolumeIs(String volume, String image) {
        imageVolumes.put(volume, image);
    }

    Optional<Waiting> waiting(String container) {
        return Optional.ofNullable(waiting.get(container));
    }

    void waits(String container, String reason, String message) {
        waiting.put(container, new Waiting(reason, message));
    }

    void waitsNoMore(String container) {
        waiting.remove(container);
    }

    Optional<Eviction> eviction() {
        return eviction;
    }

    /** Whether the pod's port was ready once: its containers may run. */
    boolean portIsReady() {
        return portIsReady;
    }

    void portBecameReady() {
        portIsReady = true;
    }

    /**
     * @return whether that is news
     */
    boolean evict(Eviction why) {
        boolean news = eviction.isEmpty();
        eviction = Optional.of(why);
        return news;
    }

    Resize resize() {
        return resize;
    }

    void resize(Resize now) {
        resize = now;
    }

    void resizeFailed(String message) {
        resize = new Resize(Optional.empty(), Optional.of(new Waiting("Error", message)));
    }

    /** The container for whose sake all of them are to start anew; empty when none wants it. */
    Optional<String> restartsAll() {
        return restartsAll;
    }

    void restartsAll(Optional<String> origin) {
        restartsAll = origin;
    }

    /** The container is stopped to be started with other resources, whatever its policy says. */
    void startsAnew(String container) {
        startAnew.add(container);
    }

    /** Whether that is so, once. */
    boolean takeStartAnew(String container) {
        return startAnew.remove(container);
    }

    Optional<Health> health(String containerId) {
        return Optional.ofNullable(health.get(containerId));
    }

    /**
     * @return whether that is news
     */
    boolean setHealth(String containerId, Health now) {
        return !now.equals(health.put(containerId, now));
    }

    void forgetHealth(String containerId) {
        health.remove(containerId);
    }

    Backoff restarts(String container) {
        return restarts.computeIfAbsent(container, _ -> Backoff.ofRestarts());
    }

    /** For a pod that cannot be started as things are: a volume is not bound, a map is missing. */
    Backoff starts() {
        return starts;
    }

    /** For a pod whose machines die. */
    Backoff sandboxes() {
        return sandboxes;
    }

    /** Whether the end of this sandbox has not been told yet. */
    boolean isNewDeath(String sandbox) {
        return told.add(sandbox);
    }

    /** Keeps what is known of the latest runs in a sandbox that is about to be removed. */
    void lose(SandboxView sandbox) {
        for (ContainerView run : sandbox.containers()) {
            lost.merge(
                    run.name(), run, (old, other) -> old.attempt() > other.attempt() ? old : other);
        }
    }

    /** A container's latest run in the machine before this one, or before all were restarted. */
    Optional<ContainerView> lost(String container) {
        return Optional.ofNullable(lost.get(container));
    }

    Backoff pulls(String image) {
        return pulls.computeIfAbsent(image, _ -> Backoff.ofPulls());
    }

    /**
     * Remembers the hash of a volume's files.
     *
     * @return whether it differs from what was pushed before
     */
    boolean differsFromPushed(String volume, int hash) {
        Integer before = pushed.get(volume);
        return before == null || before != hash;
    }

    void pushed(String volume, int hash) {
        pushed.put(volume, hash);
    }

    /** A new sandbox has none of the old one's files. */
    void forgetPushed() {
        pushed.clear();
    }

    /** When the next try may be. Guarded by itself. */
    static final class Backoff {
        private final long firstSeconds;
        private final long longestSeconds;
        private long seconds;
        private Instant next = Instant.EPOCH;

        private Backoff(long firstSeconds, long longestSeconds) {
            this.firstSeconds = firstSeconds;
            this.longestSeconds = longestSeconds;
        }

        /** 10 s, doubling to 5 minutes, as Kubernetes' CrashLoopBackOff. */
        static Backoff ofRestarts() {
            return new Backoff(10, 300);
        }

        /** The same for ImagePullBackOff. */
        static Backoff ofPulls() {
            return new Backoff(10, 300);
        }

        /** Soon at first, since what is missing is often just being made. */
        static Backoff ofStarts() {
            return new Backoff(1, 16);
        }

        synchronized boolean mayTry(Instant now) {
            return !now.isBefore(next);
        }

        synchronized void failed(Instant now) {
            seconds = seconds == 0 ? firstSeconds : Math.min(longestSeconds, seconds * 2);
            next = now.plusSeconds(seconds);
        }

        synchronized void reset() {
            seconds = 0;
            next = Instant.EPOCH;
        }

        synchronized long seconds() {
            return seconds;
        }

        synchronized Instant next() {
            return next;
        }
    }
}
