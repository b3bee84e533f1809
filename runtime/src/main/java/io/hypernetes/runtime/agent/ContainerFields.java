package io.hypernetes.runtime.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers as fields of messages. */
final class ContainerFields {

    private static final int MAX_MOUNTS = 64;
    private static final int MAX_GROUPS = 64;

    private ContainerFields() {}

    static Fields of(ContainerSpec spec) {
        if (spec.mounts().size() > MAX_MOUNTS || spec.supplementaryGroups().size() > MAX_GROUPS) {
            throw new AgentException(
                    AgentException.Reason.INVALID,
                    "a container has 64 mounts and 64 supplementary groups at most");
        }
        ContainerSecurity security = spec.security();
        ContainerResources resources = spec.resources();
        Fields fields =
                new Fields()
                        .string(spec.id())
                        .string(spec.imageDisk())
                        .strings(spec.args())
                        .strings(
                                spec.env().entrySet().stream()
                                        .map(e -> e.getKey() + "=" + e.getValue())
                                        .toList())
                        .string(spec.workingDirectory())
                        .string(spec.user())
                        .u8(spec.supplementaryGroups().size());
        spec.supplementaryGroups().forEach(fields::u32);
        fields.u64(Capability.mask(security.capabilities()))
                .flag(security.noNewPrivileges())
                .flag(security.readOnlyRoot());
        add(fields, resources);
        fields.flag(spec.tty()).flag(spec.stdin()).u8(spec.mounts().size());
        // A mount inside another one's path must come after it.
        List<VolumeMount> mounts = new ArrayList<>(spec.mounts());
        mounts.sort(Comparator.comparingInt(mount -> mount.path().split("/+").length));
        for (VolumeMount mount : mounts) {
            fields.string(mount.volume())
                    .string(mount.subPath())
                    .string(mount.path())
                    .flag(mount.readOnly());
        }
        return fields.string(spec.lastWords())
                .flag(security.filtered())
                .flag(security.strictGroups())
                .string(spec.target())
                .strings(spec.masked())
                .strings(spec.readOnlyPaths());
    }

    static Fields add(Fields fields, ContainerResources resources) {
        return fields.u64(resources.memoryBytes())
                .u64(resources.cpuMillis())
                .u64(resources.cpuShares())
                .u64(resources.pids());
    }

    static ContainerStatus status(FieldReader in) {
        String id = in.string();
        long started = in.u64();
        boolean exited = in.flag();
        int code = in.i32();
        boolean oom = in.flag();
        long ended = in.u64();
        return new ContainerStatus(
                id,
                started == 0 ? Optional.empty() : Optional.of(time(started)),
                exited
                        ? Optional.of(new ContainerStatus.Exit(code, oom, time(ended)))
                        : Optional.empty());
    }

    static GuestStats stats(FieldReader in) {
        long total = in.u64();
        long available = in.u64();
        long cpu = in.u64();
        List<GuestStats.ContainerStats> containers = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            containers.add(
                    new GuestStats.ContainerStats(in.string(), in.u64(), in.u64(), in.u64()));
        }
        // The agent of a machine that was made by an earlier version does not say more.
        Map<String, GuestStats.Space> layers = in.isAtEnd() ? Map.of() : spaces(in);
        Map<String, GuestStats.Space> volumes = in.isAtEnd() ? Map.of() : spaces(in);
        return new GuestStats(total, available, cpu, containers, layers, volumes);
    }

    private static Map<String, GuestStats.Space> spaces(FieldReader in) {
        Map<String, GuestStats.Space> spaces = new HashMap<>();
        for (int left = in.count(); left > 0; left--) {
            spaces.put(in.string(), new GuestStats.Space(in.u64(), in.u64(), in.u64()));
        }
        return spaces;
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
