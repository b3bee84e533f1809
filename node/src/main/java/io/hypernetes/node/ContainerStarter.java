package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.RestartPolicy;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.node.PodMemory.Backoff;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts the containers of a sandbox that should run and do not: init containers one after the
 * other, then the others, each with its image, its restart policy and its back-off.
 */
final class ContainerStarter {

    private static final Duration LONG_RUN = Duration.ofMinutes(10);
    private static final int KEPT_RUNS = 2;

    /** When to see whether a sidecar has started that others wait for, should no event say so. */
    private static final Duration SIDECAR_LOOK = Duration.ofMillis(500);

    private static final Duration CREATE_AGAIN = Duration.ofSeconds(5);
    private static final Duration POST_START_LIMIT = Duration.ofMinutes(5);

    private final PodRuntime runtime;
    private final ContainerImages images;
    private final Environment environment;
    private final PodSetup setup;
    private final CriConfigs configs;
    private final LifecycleHooks hooks;
    private final Resizer resizer;
    private final EventRecorder events;
    private final Clock clock;
    private final Consumer<ObjectKey> lookAgain;

    ContainerStarter(
            PodRuntime runtime,
            ContainerImages images,
            Environment environment,
            PodSetup setup,
            CriConfigs configs,
            LifecycleHooks hooks,
            EventRecorder events,
            Clock clock,
            Consumer<ObjectKey> lookAgain) {
        this.hooks = hooks;
        this.runtime = runtime;
        this.resizer = new Resizer(runtime);
        this.images = images;
        this.environment = environment;
        this.setup = setup;
        this.configs = configs;
        this.events = events;
        this.clock = clock;
        this.lookAgain = lookAgain;
    }

    /**
     * @return when to look again although nothing has changed, if so
     */
    Optional<Duration> advance(
            Tenant tenant,
            ObjectNode pod,
            SandboxView sandbox,
            PodSandboxConfig config,
            List<String> podIps,
            PodMemory memory) {
        PodLook look = new PodLook(tenant, pod, sandbox, config, podIps, memory);
        JsonNode spec = pod.path("spec");
        for (JsonNode container : spec.path("initContainers")) {
            if (StartOrder.hasSucceeded(container, sandbox)) {
                memory.waitsNoMore(container.path("name").asString(""));
            }
        }
        StartOrder order = StartOrder.of(spec, sandbox, memory);
        Optional<Duration> next = order.waits() ? Optional.of(SIDECAR_LOOK) : Optional.empty();
        for (StartOrder.Turn turn : order.allowed()) {
            next = earlier(next, ensure(look, turn));
        }
        return next;
    }

    private static Optional<Duration> earlier(Optional<Duration> a, Optional<Duration> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.or(() -> b);
        }
        return a.get().compareTo(b.get()) <= 0 ? a : b;
    }

    private Optional<Duration> ensure(PodLook look, StartOrder.Turn turn) {
        JsonNode container = turn.container();
        String name = container.path("name").asString("");
        Optional<ContainerView> latest = look.sandbox().latest(name);
        if (latest.isEmpty()) {
            return turn.isEphemeral() && hasBeen(look.pod(), name)
                    ? Optional.empty()
                    : start(look, container, nextAttempt(look, name));
        }
        ContainerView run = latest.get();
        return switch (run.phase()) {
            case CREATED -> {
                startCreated(look, run.id(), container);
                yield Optional.empty();
            }
            case RUNNING -> {
                look.memory().waitsNoMore(name);
                yield resizer.fit(look, container, run)
                        ? Optional.of(Duration.ZERO)
                        : Optional.empty();
            }
            case EXITED -> again(look, container, run, turn.policy());
        };
    }

    /** A pod whose runs are gone goes on counting its restarts. */
    private static int nextAttempt(PodLook look, String name) {
        return look.memory()
                .lost(name)
                .map(run -> run.attempt() + 1)
                .orElseGet(() -> toldAttempt(look.pod(), name));
    }

    private static int toldAttempt(ObjectNode pod, String name) {
        for (String list : new String[] {"containerStatuses", "initContainerStatuses"}) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.path("name").asString("").equals(name) && status.has("containerID")) {
                    return status.path("restartCount").asInt(0) + 1;
                }
            }
        }
        return 0;
    }

    /** An ephemeral container is not started again, also not in another machine (KEP-277). */
    private static boolean hasBeen(ObjectNode pod, String name) {
        return pod.path("status")
                .path("ephemeralContainerStatuses")
                .valueStream()
                .anyMatch(status ->
                        status.path("name").asString("").equals(name) && status.has("containerID"));
    }

    private Optional<Duration> again(
            PodLook look, JsonNode container, ContainerView run, String policy) {
        if (look.memory().takeStartAnew(run.name())) {
            removeOldRuns(look, run.name());
            return start(look, container, run.attempt() + 1);
        }
        if (!RestartPolicy.restarts(container, policy, run.exitCode())) {
            look.memory().waitsNoMore(run.name());
            return Optional.empty();
        }
        Instant now = clock.instant();
        Backoff backoff = look.memory().restarts(run.name());
        if (Duration.between(run.started(), run.finished()).compareTo(LONG_RUN) > 0) {
            backoff.reset();
        }
        if (!backoff.mayTry(now)) {
            String text =
                    "back-off %ds restarting failed container=%s pod=%s_%s(%s)"
                            .formatted(
                                    backoff.seconds(),
                                    run.name(),
                                    Metadata.name(look.pod()),
                                    Metadata.namespace(look.pod()),
                                    look.uid());
            if (look.memory().waiting(run.name()).isEmpty()) {
                record(
                        look,
                        container,
                        Type.WARNING,
                        "BackOff",
                        "Back-off restarting failed container %s in pod %s_%s(%s)"
                                .formatted(
                                        run.name(),
                                        Metadata.name(look.pod()),
                                        Metadata.namespace(look.pod()),
                                        look.uid()));
            }
            look.memory().waits(run.name(), "CrashLoopBackOff", text);
            return Optional.of(Duration.between(now, backoff.next()));
        }
        if (RestartPolicy.restartsAll(container, run.exitCode())) {
            look.memory().restartsAll(Optional.of(run.name()));
            return Optional.of(Duration.ZERO);
        }
        removeOldRuns(look, run.name());
        return start(look, container, run.attempt() + 1);
    }

    /** The last run is kept for {@code kubectl logs --previous}; those before it go. */
    private void removeOldRuns(PodLook look, String name) {
        look.sandbox().runs(name).stream()
                .sorted((a, b) -> Integer.compare(b.attempt(), a.attempt()))
                .skip(KEPT_RUNS - 1L)
                .forEach(run -> runtime.removeContainer(run.id()));
    }

    private Optional<Duration> start(PodLook look, JsonNode container, int attempt) {
        String name = container.path("name").asString("");
        for (Map.Entry<String, JsonNode> volume :
                ImageVolumes.of(look.pod(), container).entrySet()) {
            if (look.memory().imageVolume(volume.getKey()).isPresent()) {
                continue;
            }
            Optional<Image> image = images.ready(look, volume.getValue());
            if (image.isEmpty()) {
                return images.next(look, volume.getValue());
            }
            look.memory().imageVolumeIs(volume.getKey(), image.get().getId());
        }
        Optional<Image> image = images.ready(look, container);
        if (image.isEmpty()) {
            return images.next(look, container);
        }
        try {
            String id = create(look, container, attempt, image.get());
            if (attempt > 0) {
                look.memory().restarts(name).failed(clock.instant());
            }
            record(look, container, Type.NORMAL, "Created", "Container created");
            startCreated(look, id, container);
            return Optional.empty();
        } catch (PodConfigException e) {
            failed(look, container, e.reason(), String.valueOf(e.getMessage()));
        } catch (StatusRuntimeException e) {
            failed(look, container, "CreateContainerError", PodRuntime.message(e));
        }
        return Optional.of(CREATE_AGAIN);
    }

    private String create(PodLook look, JsonNode container, int attempt, Image image) {
        SecurityContexts.verifyNonRoot(
                look.pod().path("spec").path("securityContext"),
                container.path("securityContext"),
                image,
                "pod: \"%s_%s(%s)\", container: %s"
                        .formatted(
                                Metadata.name(look.pod()),
                                Metadata.namespace(look.pod()),
                                look.uid(),
                                container.path("name").asString("")));
        return runtime.createContainer(
                look.sandbox().id(),
                configs.container(
                        look,
                        container,
                        attempt,
                        image,
                        environment.of(
                                look.tenant(),
                                look.pod(),
                                container,
                                look.podIps(),
                                (volume, path) -> setup.read(look.sandbox(), volume, path))),
                look.config());
    }

    private void startCreated(PodLook look, String id, JsonNode container) {
        String name = container.path("name").asString("");
        try {
            runtime.startContainer(id);
            look.memory().waitsNoMore(name);
            record(look, container, Type.NORMAL, "Started", "Container started");
        } catch (StatusRuntimeException e) {
            failed(look, container, "RunContainerError", PodRuntime.message(e));
            return;
        }
        JsonNode hook = container.path("lifecycle").path("postStart");
        if (hook.isObject()) {
            Thread.ofVirtual()
                    .name("post-start-" + name)
                    .start(() -> postStart(look, id, container, hook));
        }
    }

    /** Beside the container's own start; a container whose hook fails is ended, as upstream. */
    private void postStart(PodLook look, String id, JsonNode container, JsonNode hook) {
        Optional<String> failure =
                hooks.run(look.sandbox().id(), id, container, hook, POST_START_LIMIT);
        if (failure.isPresent()) {
            record(look, container, Type.WARNING, "FailedPostStartHook", "PostStartHook failed");
            runtime.stopContainer(
                    id, look.pod().path("spec").path("terminationGracePeriodSeconds").asLong(30));
            lookAgain.accept(look.key());
        }
    }

    private void failed(PodLook look, JsonNode container, String reason, String message) {
        look.memory().waits(container.path("name").asString(""), reason, message);
        record(look, container, Type.WARNING, "Failed", "Error: " + message);
    }

    private void record(
            PodLook look, JsonNode container, Type type, String reason, String message) {
        events.record(
                look.tenant(),
                look.pod(),
                PodLook.fieldPath(look.pod(), container),
                type,
                reason,
                message);
    }
}
