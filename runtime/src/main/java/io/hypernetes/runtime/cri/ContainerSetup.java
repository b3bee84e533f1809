package io.hypernetes.runtime.cri;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.Device;
import io.hypernetes.cri.v1.KeyValue;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.MountPropagation;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.SupplementalGroupsPolicy;
import io.hypernetes.runtime.agent.Capability;
import io.hypernetes.runtime.agent.ContainerResources;
import io.hypernetes.runtime.agent.ContainerSecurity;
import io.hypernetes.runtime.agent.ContainerSpec;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.VolumeMount;
import io.hypernetes.runtime.image.Digest;
import io.hypernetes.runtime.image.ImageConfig;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Turns a container's configuration and its image's into what the guest is asked for. */
final class ContainerSetup {

    private static final String VOLUME = "volume:";
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final long MILLIS = 1000;
    private static final String NO_DEVICES =
            "devices of the node can not be given to a sandbox, only its own raw volumes";

    private final HostFiles hostFiles;

    ContainerSetup(HostFiles hostFiles) {
        this.hostFiles = hostFiles;
    }

    /**
     * @param imageDisks the disk of an image, by its name, that is a volume of the sandbox by the
     *     same name
     */
    ContainerSpec spec(
            ContainerRecord record,
            PodSandboxConfig sandbox,
            ImageConfig image,
            GuestAgent agent,
            UnaryOperator<String> imageDisks) {
        ContainerConfig config = record.config();
        return new ContainerSpec(
                record.id(),
                record.imageDisk(),
                args(config, image),
                env(config, sandbox, image),
                config.getWorkingDir().isEmpty() ? image.workingDir() : config.getWorkingDir(),
                user(config.getLinux().getSecurityContext(), image),
                config.getLinux().getSecurityContext().getSupplementalGroupsList(),
                security(config.getLinux().getSecurityContext()),
                resources(config.getLinux().getResources()),
                mounts(config, sandbox, agent, imageDisks),
                config.getTty(),
                config.getStdin(),
                config.getStdinOnce(),
                config.getAnnotationsOrDefault(Annotations.TERMINATION_MESSAGE_PATH, ""),
                target(config.getLinux().getSecurityContext().getNamespaceOptions()),
                config.getLinux().getSecurityContext().getMaskedPathsList(),
                config.getLinux().getSecurityContext().getReadonlyPathsList());
    }

    /** Whose processes it sees; one that says nothing shares them with its pod, as CRI has it. */
    private static String target(NamespaceOption namespaces) {
        return switch (namespaces.getPid()) {
            case POD -> ContainerSpec.SHARED;
            case TARGET -> namespaces.getTargetId();
            default -> "";
        };
    }

    /** A command of the pod replaces the image's entry point and its arguments. */
    private static List<String> args(ContainerConfig config, ImageConfig image) {
        List<String> args = new ArrayList<>();
        if (config.getCommandCount() > 0) {
            args.addAll(config.getCommandList());
            args.addAll(config.getArgsList());
        } else {
            args.addAll(image.entrypoint());
            args.addAll(config.getArgsCount() > 0 ? config.getArgsList() : image.cmd());
        }
        if (args.isEmpty()) {
            throw Failures.invalid("neither the container nor its image says what to run");
        }
        return args;
    }

    private static Map<String, String> env(
            ContainerConfig config, PodSandboxConfig sandbox, ImageConfig image) {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", PATH);
        env.put("HOSTNAME", SandboxSetup.hostname(sandbox));
        if (config.getTty()) {
            env.put("TERM", "xterm");
        }
        for (String variable : image.env()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                env.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        for (KeyValue variable : config.getEnvsList()) {
            env.put(variable.getKey(), variable.getValue().toString(StandardCharsets.UTF_8));
        }
        return env;
    }

    private static String user(LinuxContainerSecurityContext security, ImageConfig image) {
        String user = image.user();
        if (security.hasRunAsUser()) {
            user = Long.toString(security.getRunAsUser().getValue());
        } else if (!security.getRunAsUsername().isEmpty()) {
            user = security.getRunAsUsername();
        }
        if (security.hasRunAsGroup()) {
            if (!security.hasRunAsUser() && security.getRunAsUsername().isEmpty()) {
                throw Failures.invalid(
                        "run_as_group needs run_as_user or run_as_username beside it");
            }
            String name = user.isEmpty() ? "0" : user.replaceFirst(":.*", "");
            user = name + ":" + security.getRunAsGroup().getValue();
        }
        return user;
    }

    private static ContainerSecurity security(LinuxContainerSecurityContext security) {
        if (security.getPrivileged()) {
            return new ContainerSecurity(
                    ContainerSecurity.PRIVILEGED.capabilities(),
                    false,
                    security.getReadonlyRootfs(),
                    false,
                    isStrict(security));
        }
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        capabilities.addAll(Capability.DEFAULTS);
        var wanted = security.getCapabilities();
        // "ALL" first, so that single names refine it, whatever their order.
        if (contains(wanted.getDropCapabilitiesList(), "ALL")) {
            capabilities.clear();
        }
        if (contains(wanted.getAddCapabilitiesList(), "ALL")) {
            capabilities.addAll(EnumSet.allOf(Capability.class));
        }
        wanted.getAddCapabilitiesList().forEach(name -> named(name).forEach(capabilities::add));
        wanted.getDropCapabilitiesList().forEach(name -> named(name).forEach(capabilities::remove));
        return new ContainerSecurity(
                capabilities,
                security.getNoNewPrivs(),
                security.getReadonlyRootfs(),
                isFiltered(security),
                isStrict(security));
    }

    private static boolean isStrict(LinuxContainerSecurityContext security) {
        return security.getSupplementalGroupsPolicy() == SupplementalGroupsPolicy.Strict;
    }

    private static boolean isFiltered(LinuxContainerSecurityContext security) {
        if (!security.hasSeccomp()) {
            return false;
        }
        return switch (security.getSeccomp().getProfileType()) {
            case RuntimeDefault -> true;
            case Unconfined -> false;
            case Localhost, UNRECOGNIZED ->
                    throw Failures.invalid(
                            "seccomp profiles of the node are not offered; use RuntimeDefault");
        };
    }

    private static boolean contains(List<String> names, String name) {
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }

    private static List<Capability> named(String name) {
        if (name.equalsIgnoreCase("ALL")) {
            return List.of();
        }
        return List.of(
                Capability.named(name)
                        .orElseThrow(
                                () -> Failures.invalid("there is no capability '" + name + "'")));
    }

    static ContainerResources resources(LinuxContainerResources limits) {
        long cpuMillis =
                limits.getCpuQuota() > 0 && limits.getCpuPeriod() > 0
                        ? Math.max(1, limits.getCpuQuota() * MILLIS / limits.getCpuPeriod())
                        : 0;
        return new ContainerResources(
                limits.getMemoryLimitInBytes(), cpuMillis, limits.getCpuShares(), 0);
    }

    private List<VolumeMount> mounts(
            ContainerConfig config,
            PodSandboxConfig sandbox,
            GuestAgent agent,
            UnaryOperator<String> imageDisks) {
        if (config.getCDIDevicesCount() > 0) {
            throw Failures.invalid(NO_DEVICES);
        }
        List<VolumeMount> mounts = new ArrayList<>();
        config.getDevicesList().forEach(device -> mounts.add(device(device, sandbox)));
        for (Mount mount : config.getMountsList()) {
            refuseWhatHasNoMeaning(mount);
            if (isImage(mount)) {
                mounts.add(image(mount, imageDisks.apply(mount.getImage().getImage())));
            } else if (mount.getHostPath().startsWith(VOLUME)) {
                mounts.add(volume(mount, sandbox));
            } else {
                mounts.add(copied(mount, agent));
            }
        }
        return mounts;
    }

    /** Whether it is an image that is mounted (KEP-4639). */
    static boolean isImage(Mount mount) {
        return mount.hasImage() && !mount.getImage().getImage().isEmpty();
    }

    private static VolumeMount image(Mount mount, String disk) {
        String subPath = mount.getImageSubPath();
        requireInside(subPath);
        return new VolumeMount(disk, subPath, mount.getContainerPath(), true);
    }

    private static void requireInside(String subPath) {
        if (subPath.startsWith("/") || List.of(subPath.split("/", -1)).contains("..")) {
            throw Failures.invalid("not a path in a volume: '" + subPath + "'");
        }
    }

    /** Nothing is mounted in a volume later on, so read-only is so for all of it (KEP-3857). */
    private static void refuseWhatHasNoMeaning(Mount mount) {
        boolean propagated = mount.getPropagation() != MountPropagation.PROPAGATION_PRIVATE;
        if (mount.getRecursiveReadOnly() && (!mount.getReadonly() || propagated)) {
            throw Failures.invalid(
                    "a recursive read-only mount must be read-only, and private to its container");
        }
        if (mount.getPropagation() == MountPropagation.PROPAGATION_BIDIRECTIONAL) {
            throw Failures.invalid(
                    "a sandbox shares no mounts with its node: bidirectional propagation is not"
                            + " possible");
        }
    }

    /** Only a raw volume of the sandbox, and as a whole. */
    private static VolumeMount device(Device device, PodSandboxConfig sandbox) {
        return Annotations.volumes(sandbox.getAnnotationsMap()).stream()
                .filter(SandboxVolume.Raw.class::isInstance)
                .filter(raw -> device.getHostPath().equals(VOLUME + raw.name()))
                .findFirst()
                .map(raw -> new VolumeMount(raw.name(), "", device.getContainerPath(), false))
                .orElseThrow(() -> Failures.invalid(NO_DEVICES));
    }

    private static VolumeMount volume(Mount mount, PodSandboxConfig sandbox) {
        String rest = mount.getHostPath().substring(VOLUME.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        String subPath = slash < 0 ? "" : rest.substring(slash + 1);
        if (Annotations.volumes(sandbox.getAnnotationsMap()).stream()
                .filter(own -> !(own instanceof SandboxVolume.Raw))
                .map(SandboxVolume::name)
                .noneMatch(name::equals)) {
            throw Failures.invalid("the sandbox has no volume '" + name + "'");
        }
        requireInside(subPath);
        return new VolumeMount(name, subPath, mount.getContainerPath(), mount.getReadonly());
    }

    /** A path of the node: copied once into a volume of its own, shared by nobody. */
    private VolumeMount copied(Mount mount, GuestAgent agent) {
        String path = mount.getHostPath();
        var files = hostFiles.read(path);
        String volume =
                "host-" + Digest.of(path.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
        agent.writeFiles(volume, files, OptionalLong.empty());
        String subPath = Files.isRegularFile(Path.of(path)) ? files.getFirst().path() : "";
        return new VolumeMount(volume, subPath, mount.getContainerPath(), mount.getReadonly());
    }
}
