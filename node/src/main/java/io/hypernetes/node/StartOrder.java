package io.hypernetes.node;

import io.hypernetes.api.types.core.RestartPolicy;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which containers of a pod may run now: init containers one after the other, sidecars (init
 * containers that are restarted always, KEP-753) before what comes after them, then all others.
 * Pure.
 *
 * @param allowed those that may, with the policy by which each is restarted
 * @param waits whether more will be allowed when a sidecar has started
 */
record StartOrder(List<Turn> allowed, boolean waits) {

    record Turn(JsonNode container, String policy, boolean isEphemeral) {
        Turn(JsonNode container, String policy) {
            this(container, policy, false);
        }
    }

    static StartOrder of(JsonNode spec, SandboxView sandbox, PodMemory memory) {
        boolean begun = hasBegun(spec, sandbox);
        boolean over = begun && isOver(spec, sandbox);
        List<Turn> allowed = new ArrayList<>();
        // First, as they may be there to find out why an init container fails (KEP-277).
        spec.path("ephemeralContainers")
                .forEach(container -> allowed.add(new Turn(container, "Never", true)));
        for (JsonNode container : spec.path("initContainers")) {
            if (isSidecar(container)) {
                if (!over) {
                    allowed.add(new Turn(container, "Always"));
                }
                if (!begun && !hasStarted(container, sandbox, memory)) {
                    return new StartOrder(allowed, true);
                }
            } else if (!begun && !hasSucceeded(container, sandbox)) {
                allowed.add(new Turn(container, RestartPolicy.ofInit(spec, container)));
                return new StartOrder(allowed, false);
            }
        }
        spec.path("containers")
                .forEach(container ->
                        allowed.add(new Turn(container, RestartPolicy.of(spec, container))));
        return new StartOrder(allowed, false);
    }

    static boolean isSidecar(JsonNode container) {
        return container.path("restartPolicy").asString("").equals("Always");
    }

    /** Once one of the others has run the pod is initialized, whatever becomes of a sidecar. */
    static boolean hasBegun(JsonNode spec, SandboxView sandbox) {
        for (JsonNode container : spec.path("containers")) {
            if (latest(container, sandbox).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Runs, and its startup probe, if it has one, has succeeded. */
    static boolean hasStarted(JsonNode container, SandboxView sandbox, PodMemory memory) {
        return latest(container, sandbox)
                .filter(ContainerView::running)
                .filter(run ->
                        memory.health(run.id())
                                .map(PodMemory.Health::started)
                                .orElse(!container.has("startupProbe")))
                .isPresent();
    }

    static boolean hasSucceeded(JsonNode container, SandboxView sandbox) {
        return latest(container, sandbox)
                .filter(run -> run.exited() && run.exitCode() == 0)
                .isPresent();
    }

    /** Whether none of the containers that make up the pod's work runs, or will again. */
    static boolean isOver(JsonNode spec, SandboxView sandbox) {
        for (JsonNode container : spec.path("containers")) {
            String policy = RestartPolicy.of(spec, container);
            boolean stays =
                    latest(container, sandbox)
                            .filter(ContainerView::exited)
                            .filter(run ->
                                    !RestartPolicy.restarts(container, policy, run.exitCode()))
                            .isPresent();
            if (!stays) {
                return false;
            }
        }
        return true;
    }

    private static Optional<ContainerView> latest(JsonNode container, SandboxView sandbox) {
        return sandbox.latest(container.path("name").asString(""));
    }
}
