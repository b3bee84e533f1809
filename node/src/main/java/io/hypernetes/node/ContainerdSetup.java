package io.hypernetes.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.LinuxSandboxSecurityContext;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.NamespaceMode;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of one of the operator's pods that are processes of this machine: its volumes are
 * folders of the host, its network is the host's or a port of its own.
 */
final class ContainerdSetup implements PodSetup {

    private static final String HOSTS = "/etc/hosts";
    private static final String REFUSED = "FailedCreatePodSandBox";

    /** As upstream's kubelet hides them (OCI runtime specification, maskedPaths). */
    private static final List<String> MASKED =
            List.of(
                    "/proc/asound",
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final PodFolders folders;
    private final ContainerdNetwork networks;

    /**
     * @param root where the files of pods are kept
     */
    ContainerdSetup(Path root, ContainerdNetwork networks) {
        this.folders = new PodFolders(root);
        this.networks = networks;
    }

    @Override
    public void check(Tenant tenant, ObjectNode pod) {
        if (!HostRuntime.runs(tenant, pod)) {
            throw new IllegalStateException("a pod of a tenant is a virtual machine");
        }
        JsonNode spec = pod.path("spec");
        if (!isOnHostNetwork(pod) && hasHostPort(spec)) {
            throw refused("has no hostPort beside its own network: use hostNetwork or a Service");
        }
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.has("image")) {
                throw refused("has no volumes of images: use an init container that copies files");
            }
            if (volume.has("persistentVolumeClaim") || volume.has("ephemeral")) {
                throw refused("has no disks: use hostPath or emptyDir for " + volume.path("name"));
            }
            if (volume.path("emptyDir").path("medium").asString("").equals("Memory")) {
                throw refused("has no emptyDir of medium Memory: leave the medium out");
            }
        }
    }

    private static boolean hasHostPort(JsonNode spec) {
        return spec.path("containers")
                .valueStream()
                .flatMap(container -> container.path("ports").valueStream())
                .anyMatch(port -> port.path("hostPort").asInt(0) != 0);
    }

    private static PodConfigException refused(String why) {
        return new PodConfigException(
                REFUSED,
                "Failed to create pod sandbox: a pod of RuntimeClass \""
                        + HostRuntime.CLASS
                        + "\" "
                        + why);
    }

    @Override
    public boolean isOnHostNetwork(ObjectNode pod) {
        return pod.path("spec").path("hostNetwork").asBoolean(false);
    }

    @Override
    public Port attach(NetworkEngine engine, NetworkId network, PortId port) {
        Port own = engine.reserve(network, port);
        networks.expect(own);
        return own;
    }

    @Override
    public void connect(NetworkEngine engine, Port port, String sandbox) {
        engine.connect(port.id(), networks.namespace(port, sandbox));
    }

    @Override
    public void complete(
            PodSandboxConfig.Builder config,
            ObjectNode pod,
            Optional<Port> port,
            List<PodVolume> volumes) {
        JsonNode spec = pod.path("spec");
        LinuxSandboxSecurityContext.Builder security =
                LinuxSandboxSecurityContext.newBuilder()
                        .setNamespaceOptions(namespaces(spec))
                        .setPrivileged(anyPrivileged(spec));
        config.getLinuxBuilder().setSecurityContext(security);
        if (isOnHostNetwork(pod)) {
            config.clearHostname(); // it is the host's
        }
        folders.prepare(pod, volumes);
        folders.writeHosts(
                pod,
                PodDns.hosts(pod, CriConfigs.hostname(pod), port.map(Port::ips).orElse(List.of())));
    }

    private static NamespaceOption.Builder namespaces(JsonNode spec) {
        return NamespaceOption.newBuilder()
                .setNetwork(mode(spec, "hostNetwork", NamespaceMode.POD))
                .setPid(
                        mode(
                                spec,
                                "hostPID",
                                spec.path("shareProcessNamespace").asBoolean(false)
                                        ? NamespaceMode.POD
                                        : NamespaceMode.CONTAINER))
                .setIpc(mode(spec, "hostIPC", NamespaceMode.POD));
    }

    private static NamespaceMode mode(JsonNode spec, String host, NamespaceMode otherwise) {
        return spec.path(host).asBoolean(false) ? NamespaceMode.NODE : otherwise;
    }

    private static boolean anyPrivileged(JsonNode spec) {
        return spec.path("initContainers").valueStream().anyMatch(ContainerdSetup::isPrivileged)
                || spec.path("containers").valueStream().anyMatch(ContainerdSetup::isPrivileged);
    }

    private static boolean isPrivileged(JsonNode container) {
        return container.path("securityContext").path("privileged").asBoolean(false);
    }

    @Override
    public String source(PodLook look, String volume, String subPath) {
        return folders.source(look.pod(), volume, subPath).toString();
    }

    @Override
    public void complete(
            ContainerConfig.Builder config, PodLook look, JsonNode container, int attempt) {
        String message = config.getAnnotationsOrThrow(Annotations.TERMINATION_MESSAGE_PATH);
        String name = container.path("name").asString("");
        add(config, message, folders.messageFile(look.uid(), name, attempt));
        add(config, HOSTS, folders.hosts(look.uid()));
        PodFolders.makeParent(
                Path.of(look.config().getLogDirectory()).resolve(config.getLogPath()));
        LinuxContainerSecurityContext.Builder security =
                config.getLinuxBuilder().getSecurityContextBuilder();
        NamespaceOption.Builder own = namespaces(look.pod().path("spec"));
        if (security.getNamespaceOptions().getPid() == NamespaceMode.TARGET) {
            own.setPid(NamespaceMode.TARGET)
                    .setTargetId(security.getNamespaceOptions().getTargetId());
        }
        security.setNamespaceOptions(own);
        if (isPrivileged(container)) {
            security.setPrivileged(true);
        } else if (!container
                .path("securityContext")
                .path("procMount")
                .asString("")
                .equals("Unmasked")) {
            security.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
        }
    }

    /** Unless the pod has something of its own there. */
    private static void add(ContainerConfig.Builder config, String place, Path file) {
        if (config.getMountsList().stream()
                .noneMatch(mount -> mount.getContainerPath().equals(place))) {
            config.addMounts(
                    Mount.newBuilder().setContainerPath(place).setHostPath(file.toString()));
        }
    }

    @Override
    public void write(SandboxView sandbox, List<PodVolume> volumes, PodMemory memory) {
        for (PodVolume volume : volumes) {
            if (volume instanceof PodVolume.Files(String name, List<PodVolume.File> files)) {
                int hash = GuestFiles.hash(files);
                if (memory.differsFromPushed(name, hash)) {
                    folders.write(sandbox.uid(), name, files);
                    memory.pushed(name, hash);
                }
            }
        }
    }

    @Override
    public Optional<byte[]> read(SandboxView sandbox, String volume, String path) {
        return folders.read(sandbox.uid(), volume, path);
    }

    @Override
    public Map<String, Long> volumeBytes(SandboxView sandbox) {
        return folders.bytes(sandbox.uid());
    }

    @Override
    public Set<String> holders() {
        Set<String> uids = new HashSet<>(folders.uids());
        uids.addAll(networks.uids());
        return uids;
    }

    @Override
    public void remove(String podUid) {
        folders.remove(podUid);
        networks.forget(podUid);
    }
}
