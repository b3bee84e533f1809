package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.ContainerAttributes;
import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.CpuUsage;
import io.hypernetes.cri.v1.FilesystemIdentifier;
import io.hypernetes.cri.v1.FilesystemUsage;
import io.hypernetes.cri.v1.LinuxPodSandboxStats;
import io.hypernetes.cri.v1.MemoryUsage;
import io.hypernetes.cri.v1.PodSandboxAttributes;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxStats;
import io.hypernetes.cri.v1.UInt64Value;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.GuestStats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What sandboxes and containers use, as their guests say. */
final class Statistics {

    private Statistics() {}

    /** Of a sandbox and its containers; empty when its machine does not answer. */
    static Optional<PodSandboxStats> of(Sandbox sandbox) {
        if (!sandbox.ready()) {
            return Optional.empty();
        }
        GuestStats stats;
        try {
            stats = sandbox.agent().stats();
        } catch (AgentException e) {
            return Optional.empty(); // it is ending; its next event says so
        }
        long now = Times.now();
        PodSandboxConfig config = sandbox.record().config();
        long used = stats.memoryTotalBytes() - stats.memoryAvailableBytes();
        return Optional.of(
                PodSandboxStats.newBuilder()
                        .setAttributes(
                                PodSandboxAttributes.newBuilder()
                                        .setId(sandbox.id())
                                        .setMetadata(config.getMetadata())
                                        .putAllLabels(config.getLabelsMap())
                                        .putAllAnnotations(config.getAnnotationsMap()))
                        .setLinux(
                                LinuxPodSandboxStats.newBuilder()
                                        .setCpu(cpu(now, stats.cpuNanos()))
                                        .setMemory(
                                                memory(now, used)
                                                        .setAvailableBytes(
                                                                number(
                                                                        stats
                                                                                .memoryAvailableBytes())))
                                        .addAllContainers(containers(sandbox, stats, now)))
                        .build());
    }

    private static List<ContainerStats> containers(Sandbox sandbox, GuestStats stats, long now) {
        List<ContainerStats> all = new ArrayList<>();
        for (GuestStats.ContainerStats one : stats.containers()) {
            sandbox.container(one.id())
                    .map(PodContainer::record)
                    .ifPresent(record ->
                            all.add(
                                    container(record, one, now)
                                            .setWritableLayer(layer(record, stats, now))
                                            .build()));
        }
        return all;
    }

    private static ContainerStats.Builder container(
            ContainerRecord record, GuestStats.ContainerStats stats, long now) {
        return ContainerStats.newBuilder()
                .setAttributes(
                        ContainerAttributes.newBuilder()
                                .setId(record.id())
                                .setMetadata(record.config().getMetadata())
                                .putAllLabels(record.config().getLabelsMap())
                                .putAllAnnotations(record.config().getAnnotationsMap()))
                .setCpu(cpu(now, stats.cpuNanos()))
                .setMemory(memory(now, stats.memoryBytes()));
    }

    /** It is in the guest's memory: there is no mount point of the node's to name. */
    private static FilesystemUsage layer(ContainerRecord record, GuestStats stats, long now) {
        FilesystemUsage.Builder usage =
                FilesystemUsage.newBuilder()
                        .setTimestamp(now)
                        .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(record.id()));
        GuestStats.Space space = stats.layers().get(record.id());
        if (space != null) {
            usage.setUsedBytes(number(space.usedBytes())).setInodesUsed(number(space.inodes()));
        }
        return usage.build();
    }

    private static CpuUsage.Builder cpu(long now, long nanos) {
        return CpuUsage.newBuilder().setTimestamp(now).setUsageCoreNanoSeconds(number(nanos));
    }

    private static MemoryUsage.Builder memory(long now, long bytes) {
        return MemoryUsage.newBuilder()
                .setTimestamp(now)
                .setWorkingSetBytes(number(bytes))
                .setUsageBytes(number(bytes));
    }

    private static UInt64Value number(long value) {
        return UInt64Value.newBuilder().setValue(value).build();
    }
}
