package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.node.PodMemory.Health;
import io.hypernetes.node.SandboxView.ContainerView;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Startup, readiness and liveness probes of all running containers: one virtual thread per
 * container run that has any. Every probe is made by the guest itself, so overlapping addresses
 * cannot confuse it.
 */
final class Probes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
    private static final List<String> KINDS =
            List.of("startupProbe", "readinessProbe", "livenessProbe");

    private final Prober prober;
    private final ContainerStopper stopper;
    private final EventRecorder events;
    private final Consumer<ObjectKey> lookAgain;

    /** Guarded by the map: probe threads by pod uid and container id. */
    private final Map<String, Map<String, Thread>> threads = new ConcurrentHashMap<>();

    Probes(
            Prober prober,
            ContainerStopper stopper,
            EventRecorder events,
            Consumer<ObjectKey> lookAgain) {
        this.prober = prober;
        this.stopper = stopper;
        this.events = events;
        this.lookAgain = lookAgain;
    }

    /** Sees to it that exactly the running containers of this pod are probed. */
    void watch(ObjectKey key, ObjectNode pod, SandboxView sandbox, PodMemory memory) {
        Map<String, Thread> known =
                threads.computeIfAbsent(Metadata.uid(pod), _ -> new ConcurrentHashMap<>());
        for (JsonNode container : probed(pod)) {
            Optional<ContainerView> run =
                    sandbox.latest(container.path("name").asString(""))
                            .filter(ContainerView::running);
            run.ifPresent(view ->
                    known.computeIfAbsent(
                            view.id(),
                            _ ->
                                    start(
                                            new Target(
                                                    key,
                                                    pod,
                                                    sandbox.id(),
                                                    view,
                                                    container,
                                                    memory))));
        }
        for (ContainerView run : sandbox.containers()) {
            if (!run.running()) {
                Optional.ofNullable(known.remove(run.id())).ifPresent(Thread::interrupt);
                memory.forgetHealth(run.id());
            }
        }
    }

    /** Of the init containers only sidecars have probes. */
    private static List<JsonNode> probed(ObjectNode pod) {
        List<JsonNode> probed = new ArrayList<>();
        pod.path("spec")
                .path("initContainers")
                .valueStream()
                .filter(StartOrder::isSidecar)
                .forEach(probed::add);
        pod.path("spec").path("containers").forEach(probed::add);
        probed.removeIf(container -> KINDS.stream().noneMatch(container::has));
        return probed;
    }

    /** Ends the probes of a pod. */
    void forget(String podUid) {
        Optional.ofNullable(threads.remove(podUid))
                .ifPresent(known -> known.values().forEach(Thread::interrupt));
    }

    @Override
    public void close() {
        new ArrayList<>(threads.keySet()).forEach(this::forget);
    }

    private record Target(
            ObjectKey key,
            ObjectNode pod,
            String sandbox,
            ContainerView run,
            JsonNode container,
            PodMemory memory) {}

    private Thread start(Target target) {
        target.memory()
                .setHealth(
                        target.run().id(),
                        new Health(
                                !target.container().has("startupProbe"),
                                !target.container().has("readinessProbe")));
        return Thread.ofVirtual().name("probe-" + target.run().name()).start(() -> probe(target));
    }

    private void probe(Target target) {
        try {
            if (target.container().has("startupProbe")
                    && !untilSuccess(target, target.container().get("startupProbe"))) {
                kill(target, "startup", target.container().get("startupProbe"));
                return;
            }
            Health started = new Health(true, !target.container().has("readinessProbe"));
            tell(target, started);
            Thread liveness = null;
            if (target.container().has("livenessProbe")) {
                liveness =
                        Thread.ofVirtual()
                                .name("liveness-" + target.run().name())
                                .start(() -> live(target));
            }
            try {
                if (target.container().has("readinessProbe")) {
                    ready(target);
                } else if (liveness != null) {
                    liveness.join();
                }
            } finally {
                if (liveness != null) {
                    liveness.interrupt();
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("probes of {} end", target.key());
        }
    }

    /** Whether the startup probe succeeds before its failures run out. */
    private boolean untilSuccess(Target target, JsonNode probe) throws InterruptedException {
        Timing timing = Timing.of(probe);
        Thread.sleep(timing.initialDelay());
        int failures = 0;
        while (true) {
            Optional<String> failure = attempt(target, "Startup", probe);
            if (failure.isEmpty()) {
                return true;
            }
            if (++failures >= timing.failureThreshold()) {
                return false;
            }
            Thread.sleep(timing.period());
        }
    }

    private void ready(Target target) throws InterruptedException {
        JsonNode probe = target.container().get("readinessProbe");
        Timing timing = Timing.of(probe);
        Thread.sleep(timing.initialDelay());
        int successes = 0;
        int failures = 0;
        while (true) {
            if (attempt(target, "Readiness", probe).isEmpty()) {
                failures = 0;
                if (++successes >= timing.successThreshold()) {
                    tell(target, new Health(true, true));
                }
            } else {
                successes = 0;
                if (++failures >= timing.failureThreshold()) {
                    tell(target, new Health(true, false));
                }
            }
            Thread.sleep(timing.period());
        }
    }

    private void live(Target target) {
        JsonNode probe = target.container().get("livenessProbe");
        Timing timing = Timing.of(probe);
        try {
            Thread.sleep(timing.initialDelay());
            int failures = 0;
            while (failures < timing.failureThreshold()) {
                failures = attempt(target, "Liveness", probe).isEmpty() ? 0 : failures + 1;
                if (failures < timing.failureThreshold()) {
                    Thread.sleep(timing.period());
                }
            }
            kill(target, "liveness", probe);
        } catch (InterruptedException _) {
            LOG.debug("the liveness probe of {} ends", target.key());
        }
    }

    private Optional<String> attempt(Target target, String kind, JsonNode probe) {
        ProbeResult result =
                prober.probe(
                        target.sandbox(),
                        target.run().id(),
                        target.container(),
                        probe,
                        Timing.of(probe).timeout());
        switch (result) {
            case ProbeResult.Success _ -> {}
            case ProbeResult.Warning(String text) ->
                    warn(target, "ProbeWarning", kind + " probe warning: " + text);
            case ProbeResult.Failure(String text) ->
                    warn(target, "Unhealthy", kind + " probe failed: " + text);
        }
        return result.failure();
    }

    private void warn(Target target, String reason, String text) {
        events.record(target.key().tenant(), target.pod(), Type.WARNING, reason, text);
    }

    private void kill(Target target, String kind, JsonNode probe) {
        events.record(
                target.key().tenant(),
                target.pod(),
                Type.NORMAL,
                "Killing",
                "Container %s failed %s probe, will be restarted"
                        .formatted(target.run().name(), kind));
        long ofThePod = target.pod().path("spec").path("terminationGracePeriodSeconds").asLong(30);
        long grace = probe.path("terminationGracePeriodSeconds").asLong(ofThePod);
        stopper.stop(
                target.key().tenant(),
                target.pod(),
                target.sandbox(),
                target.container(),
                target.run().id(),
                grace);
        lookAgain.accept(target.key());
    }

    private void tell(Target target, Health health) {
        if (target.memory().setHealth(target.run().id(), health)) {
            lookAgain.accept(target.key());
        }
    }

    /** The numbers of a probe, with the defaults of core/v1 Probe. */
    private record Timing(
            Duration initialDelay,
            Duration period,
            Duration timeout,
            int successThreshold,
            int failureThreshold) {

        static Timing of(JsonNode probe) {
            return new Timing(
                    seconds(probe, "initialDelaySeconds", 0),
                    seconds(probe, "periodSeconds", 10),
                    seconds(probe, "timeoutSeconds", 1),
                    probe.path("successThreshold").asInt(1),
                    probe.path("failureThreshold").asInt(3));
        }

        private static Duration seconds(JsonNode probe, String field, int otherwise) {
            return Duration.ofSeconds(probe.path(field).asInt(otherwise));
        }
    }
}
