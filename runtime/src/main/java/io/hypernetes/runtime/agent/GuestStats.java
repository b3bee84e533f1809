package io.hypernetes.runtime.agent;

import java.util.List;
import java.util.Map;

/**
 * What a guest uses.
 *
 * @param memoryTotalBytes of the guest, without what its kernel took at boot
 * @param memoryAvailableBytes that could be had without swapping
 * @param cpuNanos processor time of all containers and the agent since boot
 * @param layers what containers have written over their images, by the containers' ids
 * @param volumes by their names
 */
public record GuestStats(
        long memoryTotalBytes,
        long memoryAvailableBytes,
        long cpuNanos,
        List<ContainerStats> containers,
        Map<String, Space> layers,
        Map<String, Space> volumes) {

    /** What one container uses; processor time since its start, in nanoseconds. */
    public record ContainerStats(String id, long memoryBytes, long cpuNanos, long pids) {}

    /**
     * How full a file system is.
     *
     * @param totalBytes that it may hold
     */
    public record Space(long usedBytes, long totalBytes, long inodes) {}

    public GuestStats {
        containers = List.copyOf(containers);
        layers = Map.copyOf(layers);
        volumes = Map.copyOf(volumes);
    }
}
