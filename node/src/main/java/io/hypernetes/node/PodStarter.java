package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.network.Port;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Takes a pod one step further: its network port, its volumes, its sandbox, then its containers.
 * Each call does all that can be done now; what must be waited for is left for the next.
 */
final class PodStarter {

    private static final Duration LONG_LIFE = Duration.ofMinutes(10);

    private final PodPorts ports;
    private final PodVolumes volumes;
    private final PodRuntime runtime;
    private final PodSetup setup;
    private final CriConfigs configs;
    private final PodLogs logs;
    private final ContainerStarter containers;
    private final EventRecorder events;
    private final Clock clock;

    PodStarter(
            PodPorts ports,
            PodVolumes volumes,
            PodRuntime runtime,
            PodSetup setup,
            CriConfigs configs,
            PodLogs logs,
            ContainerStarter containers,
            EventRecorder events,
            Clock clock) {
        this.ports = ports;
        this.volumes = volumes;
        this.runtime = runtime;
        this.setup = setup;
        this.configs = configs;
        this.logs = logs;
        this.containers = containers;
        this.events = events;
        this.clock = clock;
    }

    /**
     * @return when to look again although nothing has changed, if so
     * @throws PodConfigException when the pod cannot be started as it is written, for now
     */
    Optional<Duration> advance(
            Tenant tenant, ObjectNode pod, Optional<SandboxView> known, PodMemory memory) {
        known.filter(view -> !view.ready()).ifPresent(view -> tellDeath(tenant, pod, view, memory));
        if (known.isPresent() && !known.get().ready() && !mayStartAgain(pod)) {
            return Optional.empty();
        }
        if (known.isPresent() && !known.get().ready()) {
            Optional<Duration> wait = backOff(known.get(), memory);
            if (wait.isPresent()) {
                return wait;
            }
        }
        setup.check(tenant, pod);
        Optional<Port> port = ports.attach(tenant, pod);
        List<String> ips = port.map(Port::ips).orElseGet(() -> ports.ips(tenant, pod));
        List<PodVolume> prepared = volumes.prepare(tenant, pod, ips);
        PodSandboxConfig config = configs.sandbox(tenant, pod, attempt(known), port, prepared);
        Optional<SandboxView> running = known.filter(SandboxView::ready);
        SandboxView sandbox;
        if (running.isPresent() && memory.portIsReady()) {
            sandbox = running.get();
        } else {
            sandbox =
                    besidePort(
                            port,
                            () -> {
                                SandboxView machine =
                                        running.orElseGet(() ->
                                                newSandbox(tenant, pod, known, config, memory));
                                ports.connect(port, machine.id());
                                return machine;
                            });
            memory.portBecameReady();
        }
        setup.write(sandbox, prepared, memory);
        return containers.advance(tenant, pod, sandbox, config, ips, memory);
    }

    /**
     * What the first port of a network needs takes as long as a machine: both at the same time.
     * Without a machine the port's end is waited for too, as it must not become ready after it was
     * detached.
     */
    private SandboxView besidePort(Optional<Port> port, Supplier<SandboxView> machine) {
        CompletableFuture<Void> packets =
                CompletableFuture.runAsync(
                        () -> ports.awaitReady(port), Thread::startVirtualThread);
        SandboxView sandbox;
        try {
            sandbox = machine.get();
        } finally {
            packets.handle((_, _) -> true).join();
        }
        try {
            packets.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
        return sandbox;
    }

    private SandboxView newSandbox(
            Tenant tenant,
            ObjectNode pod,
            Optional<SandboxView> dead,
            PodSandboxConfig config,
            PodMemory memory) {
        dead.ifPresent(view -> replace(tenant, pod, view, memory));
        memory.forgetPushed();
        String id = runtime.runSandbox(withImages(pod, config));
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(pod), Metadata.name(pod));
        return runtime.sandboxes(key).stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new PodConfigException(
                                "FailedCreatePodSandBox",
                                "the sandbox ended while it was started"));
    }

    /** The images that are here are in the machine from its begin. */
    private PodSandboxConfig withImages(ObjectNode pod, PodSandboxConfig config) {
        Set<String> images = new LinkedHashSet<>();
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                images.add(container.path("image").asString(""));
            }
        }
        return config.toBuilder()
                .putAnnotations(Annotations.IMAGES, String.join("\n", images))
                .build();
    }

    /** A machine that died after a long life is replaced at once, one that keeps dying is not. */
    private Optional<Duration> backOff(SandboxView dead, PodMemory memory) {
        Instant now = clock.instant();
        if (Duration.between(dead.created(), now).compareTo(LONG_LIFE) > 0) {
            memory.sandboxes().reset();
        }
        return memory.sandboxes().mayTry(now)
                ? Optional.empty()
                : Optional.of(Duration.between(now, memory.sandboxes().next()));
    }

    /** Once for each machine that has ended by itself, or was ended because it hung. */
    private void tellDeath(Tenant tenant, ObjectNode pod, SandboxView dead, PodMemory memory) {
        dead.containers().stream()
                .filter(run -> run.reason().startsWith("VM"))
                .findFirst()
                .filter(_ -> memory.isNewDeath(dead.id()))
                .ifPresent(run ->
                        events.record(tenant, pod, Type.WARNING, run.reason(), run.message()));
    }

    private void replace(Tenant tenant, ObjectNode pod, SandboxView dead, PodMemory memory) {
        memory.lose(dead);
        memory.sandboxes().failed(clock.instant());
        events.record(
                tenant,
                pod,
                Type.NORMAL,
                "SandboxChanged",
                "Pod sandbox changed, it will be killed and re-created.");
        runtime.removeSandbox(dead.id());
    }

    private static int attempt(Optional<SandboxView> known) {
        return known.map(view -> view.ready() ? view.attempt() : view.attempt() + 1).orElse(0);
    }

    /** A pod that may not restart its containers ends with its machine. */
    private static boolean mayStartAgain(ObjectNode pod) {
        return !pod.path("spec").path("restartPolicy").asString("Always").equals("Never");
    }

    /** The pod's addresses, none before it has a port. */
    List<String> ips(Tenant tenant, ObjectNode pod) {
        return ports.ips(tenant, pod);
    }

    /** Gives the port and the disks back. */
    void release(Tenant tenant, String uid) {
        ports.release(tenant, uid);
        volumes.release(uid);
        setup.remove(uid);
    }

    /** Ends the logs of a pod that is no more. */
    void removeLogs(SandboxView sandbox) {
        ObjectKey pod = sandbox.pod();
        Path folder = logs.directory(pod.tenant(), pod.namespace(), pod.name(), sandbox.uid());
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the logs in " + folder + " cannot be removed", e);
        }
    }
}
