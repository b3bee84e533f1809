package io.hypernetes.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxNic;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.guest.v1.VolumeStats;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The parts of a pod that is a virtual machine: a TAP and disks that are plugged into it, files
 * that its guest's agent writes; annotations tell hyper of them. Nothing of the host's is shared.
 */
final class MachineSetup implements PodSetup {

    private static final String VOLUME_SCHEME = "volume:";

    private final GuestFiles files;

    MachineSetup(GuestFiles files) {
        this.files = files;
    }

    /** Whoever asks for the host's runtime does not get a machine instead. */
    @Override
    public void check(Tenant tenant, ObjectNode pod) {
        if (HostRuntime.runs(tenant, pod)) {
            throw new PodConfigException(
                    "FailedCreatePodSandBox",
                    "Failed to create pod sandbox: this node has no containerd for pods of"
                            + " RuntimeClass \""
                            + HostRuntime.CLASS
                            + "\": start it with --containerd-endpoint, or place the pod on a node"
                            + " that has one");
        }
    }

    @Override
    public boolean isOnHostNetwork(ObjectNode pod) {
        return false;
    }

    @Override
    public Port attach(NetworkEngine engine, NetworkId network, PortId port) {
        return engine.attach(network, port);
    }

    @Override
    public void connect(NetworkEngine engine, Port port, String sandbox) {
        // The machine has been started with its TAP.
    }

    @Override
    public void complete(
            PodSandboxConfig.Builder config,
            ObjectNode pod,
            Optional<Port> port,
            List<PodVolume> volumes) {
        JsonNode spec = pod.path("spec");
        port.ifPresent(own -> config.putAnnotations(Annotations.NIC, Annotations.write(nic(own))));
        List<String> ips = port.map(Port::ips).orElse(List.of());
        config.putAnnotations(Annotations.HOSTS, PodDns.hosts(pod, CriConfigs.hostname(pod), ips))
                .putAnnotations(Annotations.VOLUMES, Annotations.write(volumes(spec, volumes)));
        config.getLinuxBuilder().setResources(CriConfigs.resources(VmSize.of(spec)));
    }

    private static SandboxNic nic(Port port) {
        return new SandboxNic(
                port.tap(),
                port.mac(),
                port.addresses().stream()
                        .map(own ->
                                new SandboxNic.Address(own.ip(), own.prefixLength(), own.gateway()))
                        .toList(),
                port.mtu());
    }

    private static List<SandboxVolume> volumes(JsonNode spec, List<PodVolume> volumes) {
        JsonNode group = spec.path("securityContext").path("fsGroup");
        OptionalLong fsGroup =
                group.isNumber() ? OptionalLong.of(group.asLong()) : OptionalLong.empty();
        return volumes.stream()
                .filter(volume -> !(volume instanceof PodVolume.Image))
                .map(volume -> volume(volume, fsGroup))
                .toList();
    }

    private static SandboxVolume volume(PodVolume volume, OptionalLong fsGroup) {
        return switch (volume) {
            case PodVolume.EmptyDir(String name, long bytes) ->
                    new SandboxVolume.EmptyDir(
                            name,
                            bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes),
                            fsGroup);
            case PodVolume.Files(String name, _) -> new SandboxVolume.Files(name, "", fsGroup);
            case PodVolume.Disk disk ->
                    new SandboxVolume.Disk(
                            disk.name(),
                            disk.attachment().path(),
                            disk.attachment().driver(),
                            disk.fileSystem(),
                            disk.readOnly(),
                            fsGroup);
            case PodVolume.Raw raw ->
                    new SandboxVolume.Raw(
                            raw.name(),
                            raw.attachment().path(),
                            raw.attachment().driver(),
                            raw.readOnly());
            case PodVolume.Image image -> throw PodVolumes.notOffered(image.name());
            case PodVolume.HostPath host -> throw PodVolumes.notOffered(host.name());
        };
    }

    @Override
    public String source(PodLook look, String volume, String subPath) {
        return VOLUME_SCHEME + volume + (subPath.isEmpty() ? "" : "/" + subPath);
    }

    @Override
    public void complete(
            ContainerConfig.Builder config, PodLook look, JsonNode container, int attempt) {
        // The guest's agent does the rest.
    }

    @Override
    public void write(SandboxView sandbox, List<PodVolume> volumes, PodMemory memory) {
        files.push(sandbox.id(), volumes, memory);
    }

    @Override
    public Optional<byte[]> read(SandboxView sandbox, String volume, String path) {
        return files.read(sandbox.id(), volume, path);
    }

    @Override
    public Map<String, Long> volumeBytes(SandboxView sandbox) {
        Map<String, Long> bytes = new HashMap<>();
        for (VolumeStats volume : files.stats(sandbox.id())) {
            bytes.put(volume.getName(), volume.getUsedBytes());
        }
        return bytes;
    }

    @Override
    public Set<String> holders() {
        return Set.of();
    }

    @Override
    public void remove(String podUid) {
        // All of it was the machine's own.
    }
}
