package io.hypernetes.runtime.agent;

/**
 * Limits of a container; 0 means none.
 *
 * @param memoryBytes hard limit
 * @param cpuMillis hard limit, thousandths of a processor
 * @param cpuShares weight against the other containers, 1024 for one processor (cgroup v1's unit)
 * @param pids how many processes and threads
 */
public record ContainerResources(long memoryBytes, long cpuMillis, long cpuShares, long pids) {
    public static final ContainerResources NONE = new ContainerResources(0, 0, 0, 0);
}
