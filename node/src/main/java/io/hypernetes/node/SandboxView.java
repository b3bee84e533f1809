package io.hypernetes.node;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.cri.v1.LinuxContainerResources;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A sandbox as the runtime tells it, with its containers.
 *
 * @param uid of the pod it was made for
 * @param ready whether its virtual machine runs
 * @param waitsForSpace whether it stands still until the node's disk has room
 */
record SandboxView(
        String id,
        ObjectKey pod,
        String uid,
        int attempt,
        boolean ready,
        boolean waitsForSpace,
        Instant created,
        List<ContainerView> containers) {

    /** The container's latest run. */
    Optional<ContainerView> latest(String container) {
        return runs(container).stream().max(Comparator.comparingInt(ContainerView::attempt));
    }

    /** The run before the latest. */
    Optional<ContainerView> previous(String container) {
        return runs(container).stream()
                .sorted(Comparator.comparingInt(ContainerView::attempt).reversed())
                .skip(1)
                .findFirst();
    }

    List<ContainerView> runs(String container) {
        return containers.stream().filter(view -> view.name().equals(container)).toList();
    }

    /**
     * One run of a container.
     *
     * @param attempt 0 for the first run; also the restart count
     * @param started {@link Instant#EPOCH} before the start
     * @param finished {@link Instant#EPOCH} before the end
     * @param reason why it ended: Completed, Error, OOMKilled
     * @param resources that it has been given
     */
    record ContainerView(
            String id,
            String name,
            int attempt,
            Phase phase,
            Instant created,
            Instant started,
            Instant finished,
            int exitCode,
            String reason,
            String message,
            String image,
            String imageId,
            String logPath,
            LinuxContainerResources resources) {

        boolean running() {
            return phase == Phase.RUNNING;
        }

        boolean exited() {
            return phase == Phase.EXITED;
        }
    }

    /** Where a container is in its life. */
    enum Phase {
        CREATED,
        RUNNING,
        EXITED
    }
}
