package io.hypernetes.runtime.agent;

import java.util.List;

/**
 * What a guest uses.
 *
 * @param memoryTotalBytes of the guest, without what its kernel took at boot
 * @param memoryAvailableBytes that could be had without swapping
 * @param cpuNanos processor time of all containers and the agent since boot
 */
public record GuestStats(
        long memoryTotalBytes,
        long memoryAvailableBytes,
        long cpuNanos,
        List<ContainerStats> containers) {

    /** What one container uses; processor time since its start, in nanoseconds. */
    public record ContainerStats(String id, long memoryBytes, long cpuNanos, long pids) {}

    public GuestStats {
        containers = List.copyOf(containers);
    }
}
