package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.cri.v1.ContainerStats;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the pods of this machine, and the machine itself, use. A pod is asked only when somebody
 * wants to know, and at most every ten seconds: a pod that nobody looks at is never woken for it.
 * The first answer is the mean since the container's start, later ones since the last look.
 */
final class UsageMeter implements UsageSource {

    private static final Logger LOG = LoggerFactory.getLogger(UsageMeter.class);
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final Pattern FREE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    /** Thousand-millionths of a second in one of the kernel's clock ticks, a hundred a second. */
    private static final long TICK_NANOS = 10_000_000L;

    /** A container's counter at a time; another container begins anew. */
    private record Counted(String id, long cpuNanos, Instant at) {}

    private record Seen(Map<String, Counted> counters, PodUsage usage) {}

    private final String node;
    private final RuntimeOf runtimes;
    private final Clock clock;
    private final Map<ObjectKey, Seen> pods = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private Counted machine;

    UsageMeter(String node, RuntimeOf runtimes, Clock clock) {
        this.node = node;
        this.runtimes = runtimes;
        this.clock = clock;
        this.machine = new Counted("", machineNanos(), clock.instant());
    }

    @Override
    public Optional<PodUsage> pod(ObjectKey pod) {
        Instant now = clock.instant();
        pods.values().removeIf(seen -> seen.usage().at().plus(FORGOTTEN).isBefore(now));
        Seen seen = pods.get(pod);
        if (seen != null && seen.usage().at().plus(FRESH).isAfter(now)) {
            return Optional.of(seen.usage());
        }
        try {
            return look(pod, Optional.ofNullable(seen), now);
        } catch (StatusRuntimeException e) {
            LOG.debug("{} cannot be measured: {}", pod, e.getStatus());
            return Optional.empty();
        }
    }

    private Optional<PodUsage> look(ObjectKey pod, Optional<Seen> before, Instant now) {
        PodRuntime runtime = runtimes.of(pod);
        Optional<SandboxView> sandbox =
                runtime.sandboxes(pod).stream().filter(SandboxView::ready).findFirst();
        if (sandbox.isEmpty()) {
            pods.remove(pod);
            return Optional.empty();
        }
        Map<String, Counted> counters = new HashMap<>();
        Map<String, Amount> usage = new HashMap<>();
        Duration window = Duration.ZERO;
        for (ContainerStats stats : runtime.stats(sandbox.get().id())) {
            String name = stats.getAttributes().getMetadata().getName();
            String id = stats.getAttributes().getId();
            long nanos = stats.getCpu().getUsageCoreNanoSeconds().getValue();
            Counted last =
                    before.map(seen -> seen.counters().get(name))
                            .filter(counted -> counted.id().equals(id))
                            .orElseGet(() -> start(sandbox.get(), name, id, now));
            Duration span = Duration.between(last.at(), now);
            window = span.compareTo(window) > 0 ? span : window;
            counters.put(name, new Counted(id, nanos, now));
            usage.put(
                    name,
                    new Amount(
                            rate(nanos - last.cpuNanos(), span),
                            stats.getMemory().getWorkingSetBytes().getValue()));
        }
        PodUsage result = new PodUsage(now, window, Map.copyOf(usage));
        pods.put(pod, new Seen(counters, result));
        return usage.isEmpty() ? Optional.empty() : Optional.of(result);
    }

    private static Counted start(SandboxView sandbox, String name, String id, Instant now) {
        Instant started = sandbox.latest(name).map(SandboxView.ContainerView::started).orElse(now);
        return new Counted(id, 0, started);
    }

    private static long rate(long nanos, Duration span) {
        return span.toMillis() <= 0 ? 0 : Math.max(0, nanos) * 1000 / span.toMillis();
    }

    @Override
    public synchronized Optional<NodeUsage> node(String name) {
        if (!name.equals(node)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Duration span = Duration.between(machine.at(), now);
        long nanos = machineNanos();
        Amount amount = new Amount(rate(nanos - machine.cpuNanos(), span), machineMemory());
        if (span.compareTo(FRESH) > 0) {
            machine = new Counted("", nanos, now);
        }
        return Optional.of(new NodeUsage(now, span, amount));
    }

    /**
     * All processors' busy time since the machine's start: user, nice, system, irq, softirq, steal.
     */
    private static long machineNanos() {
        String[] fields = read("/proc/stat").lines().findFirst().orElse("").split("\\s+", -1);
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += fields.length > i ? Long.parseLong(fields[i]) : 0;
        }
        return ticks * TICK_NANOS;
    }

    private static long machineMemory() {
        String memory = read("/proc/meminfo");
        return (number(TOTAL, memory) - number(FREE, memory)) * 1024;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", file, e.getMessage());
            return "";
        }
    }
}
