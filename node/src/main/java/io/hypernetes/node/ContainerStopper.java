package io.hypernetes.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.ContainerLists;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends containers: what their {@code preStop} asks for, TERM, what is left of the grace period,
 * KILL. Of a whole pod the others go first, all at once, then the sidecars in reverse (KEP-753).
 */
final class ContainerStopper {

    /**
     * What a process gets after a hook or other containers have used up the grace period, as
     * upstream.
     */
    private static final long LEAST_SECONDS = 2;

    private final PodRuntime runtime;
    private final LifecycleHooks hooks;
    private final EventRecorder events;

    ContainerStopper(PodRuntime runtime, LifecycleHooks hooks, EventRecorder events) {
        this.runtime = runtime;
        this.hooks = hooks;
        this.events = events;
    }

    void stopAll(Tenant tenant, ObjectNode pod, SandboxView sandbox, long grace)
            throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(grace).toNanos();
        List<JsonNode> sidecars = new ArrayList<>();
        List<Thread> stopping = new ArrayList<>();
        for (JsonNode container : all(pod)) {
            if (StartOrder.isSidecar(container)) {
                sidecars.addFirst(container);
            } else {
                running(container, sandbox)
                        .ifPresent(run ->
                                stopping.add(
                                        stopping(tenant, pod, sandbox, container, run, grace)));
            }
        }
        for (Thread thread : stopping) {
            thread.join();
        }
        for (JsonNode sidecar : sidecars) {
            long left = Duration.ofNanos(end - System.nanoTime()).toSeconds();
            long given = grace > 0 ? Math.max(LEAST_SECONDS, left) : 0;
            running(sidecar, sandbox)
                    .ifPresent(run -> stop(tenant, pod, sandbox, sidecar, run, given));
        }
    }

    private Thread stopping(
            Tenant tenant,
            ObjectNode pod,
            SandboxView sandbox,
            JsonNode container,
            ContainerView run,
            long grace) {
        return Thread.ofVirtual()
                .name("stop-" + run.name())
                .start(() -> stop(tenant, pod, sandbox, container, run, grace));
    }

    private void stop(
            Tenant tenant,
            ObjectNode pod,
            SandboxView sandbox,
            JsonNode container,
            ContainerView run,
            long grace) {
        events.record(tenant, pod, Type.NORMAL, "Killing", "Stopping container " + run.name());
        stop(tenant, pod, sandbox.id(), container, run.id(), grace);
    }

    /** One container; a grace of nothing leaves no time for a hook. */
    void stop(
            Tenant tenant,
            ObjectNode pod,
            String sandbox,
            JsonNode container,
            String containerId,
            long grace) {
        JsonNode hook = container.path("lifecycle").path("preStop");
        long left = grace;
        if (hook.isObject() && grace > 0) {
            long start = System.nanoTime();
            Optional<String> failure =
                    hooks.run(sandbox, containerId, container, hook, Duration.ofSeconds(grace));
            if (failure.isPresent()) {
                events.record(tenant, pod, Type.WARNING, "FailedPreStopHook", "PreStopHook failed");
            }
            long used = Duration.ofNanos(System.nanoTime() - start).toSeconds();
            left = Math.max(LEAST_SECONDS, grace - used);
        }
        runtime.stopContainer(containerId, left);
    }

    /** Init containers that still run, too. */
    private static List<JsonNode> all(ObjectNode pod) {
        List<JsonNode> all = new ArrayList<>();
        for (String list : ContainerLists.ALL) {
            pod.path("spec").path(list).forEach(all::add);
        }
        return all;
    }

    private static Optional<ContainerView> running(JsonNode container, SandboxView sandbox) {
        return sandbox.latest(container.path("name").asString("")).filter(ContainerView::running);
    }
}
