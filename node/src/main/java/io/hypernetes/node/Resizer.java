package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.JsonNode;

/**
 * Gives running containers the resources that their pod may have now (KEP-1287): their machine
 * grows first, then their limits change in place, or they are started anew where their {@code
 * resizePolicy} wants that.
 */
final class Resizer {

    private final PodRuntime runtime;

    Resizer(PodRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * @return whether the container was stopped, to be started with its new resources
     */
    boolean fit(PodLook look, JsonNode container, ContainerView run) {
        LinuxContainerResources wanted = CriConfigs.resources(container);
        LinuxContainerResources actual = run.resources();
        if (!runtime.resizes() || same(wanted, actual)) {
            return false;
        }
        try {
            runtime.growSandbox(look.sandbox().id(), VmSize.of(look.pod().path("spec")));
            if (restarts(container, wanted, actual)) {
                look.memory().startsAnew(run.name());
                long grace =
                        look.pod().path("spec").path("terminationGracePeriodSeconds").asLong(30);
                runtime.stopContainer(run.id(), grace);
                return true;
            }
            shrinkOnlyIfItFits(look, run, wanted, actual);
            runtime.updateContainer(run.id(), wanted);
            look.memory().resize(PodMemory.Resize.UNDER_WAY);
        } catch (StatusRuntimeException e) {
            look.memory().resizeFailed(PodRuntime.message(e));
        } catch (PodConfigException e) {
            look.memory().resizeFailed(String.valueOf(e.getMessage()));
        }
        return false;
    }

    static boolean same(LinuxContainerResources one, LinuxContainerResources other) {
        return one.getCpuQuota() == other.getCpuQuota()
                && one.getCpuShares() == other.getCpuShares()
                && one.getMemoryLimitInBytes() == other.getMemoryLimitInBytes();
    }

    private static boolean restarts(
            JsonNode container, LinuxContainerResources wanted, LinuxContainerResources actual) {
        boolean memory = wanted.getMemoryLimitInBytes() != actual.getMemoryLimitInBytes();
        boolean cpu =
                wanted.getCpuQuota() != actual.getCpuQuota()
                        || wanted.getCpuShares() != actual.getCpuShares();
        for (JsonNode policy : container.path("resizePolicy")) {
            String resource = policy.path("resourceName").asString("");
            if (policy.path("restartPolicy").asString("").equals("RestartContainer")
                    && (resource.equals("memory") ? memory : resource.equals("cpu") && cpu)) {
                return true;
            }
        }
        return false;
    }

    /** A limit under what is used would end the container: upstream asks first, and so do we. */
    private void shrinkOnlyIfItFits(
            PodLook look,
            ContainerView run,
            LinuxContainerResources wanted,
            LinuxContainerResources actual) {
        long limit = wanted.getMemoryLimitInBytes();
        if (limit == 0 || limit >= actual.getMemoryLimitInBytes()) {
            return;
        }
        runtime.stats(look.sandbox().id()).stream()
                .filter(stats -> stats.getAttributes().getId().equals(run.id()))
                .mapToLong(stats -> stats.getMemory().getWorkingSetBytes().getValue())
                .filter(used -> used >= limit)
                .findFirst()
                .ifPresent(used -> {
                    throw new PodConfigException(
                            "Error",
                            "attempting to set container %s memory limit (%d) below current usage (%d)"
                                    .formatted(run.name(), limit, used));
                });
    }
}
