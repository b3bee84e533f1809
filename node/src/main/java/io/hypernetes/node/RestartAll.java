package io.hypernetes.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Starts all containers of a pod anew, the first ones first, in the machine that it has, because a
 * rule of one that has ended wants it so (KEP-5532). Addresses and volumes stay.
 */
final class RestartAll {
    private static final List<String> LISTS = List.of("initContainers", "containers");
    private static final long USUAL_GRACE = 30;

    private final PodRuntime runtime;
    private final ContainerStopper stopper;

    RestartAll(PodRuntime runtime, ContainerStopper stopper) {
        this.runtime = runtime;
        this.stopper = stopper;
    }

    /**
     * Ends and removes all of them. The one that wants it goes last: should this be interrupted, it
     * is found and begun again.
     *
     * @param now the sandbox as it is after they have ended
     */
    void run(
            Tenant tenant,
            ObjectNode pod,
            SandboxView sandbox,
            Supplier<Optional<SandboxView>> now,
            String origin,
            PodMemory memory)
            throws InterruptedException {
        ObjectNode restarted = pod.deepCopy();
        restarted.withObjectProperty("spec").remove("ephemeralContainers");
        long grace = pod.path("spec").path("terminationGracePeriodSeconds").asLong(USUAL_GRACE);
        stopper.stopAll(tenant, restarted, sandbox, grace);
        Optional<SandboxView> ended = now.get();
        if (ended.isPresent()) {
            memory.lose(ended.get());
            List<String> order = names(pod);
            order.remove(origin);
            order.add(origin);
            for (String name : order) {
                for (ContainerView run : ended.get().runs(name)) {
                    memory.forgetHealth(run.id());
                    runtime.removeContainer(run.id());
                }
            }
        }
        memory.restartsAll(Optional.empty());
    }

    private static List<String> names(ObjectNode pod) {
        List<String> names = new ArrayList<>();
        for (String list : LISTS) {
            pod.path("spec")
                    .path(list)
                    .forEach(container -> names.addFirst(container.path("name").asString("")));
        }
        return names;
    }
}
