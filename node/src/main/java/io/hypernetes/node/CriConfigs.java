package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxNic;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.v1.Capability;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerMetadata;
import io.hypernetes.cri.v1.DNSConfig;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.Int64Value;
import io.hypernetes.cri.v1.KeyValue;
import io.hypernetes.cri.v1.LinuxContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.LinuxPodSandboxConfig;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxMetadata;
import io.hypernetes.network.Port;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A pod in the words of CRI v1, with the annotations that tell hyper about its machine. Pure. */
final class CriConfigs {

    static final String POD_NAME = "io.kubernetes.pod.name";
    static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    static final String POD_UID = "io.kubernetes.pod.uid";
    static final String CONTAINER_NAME = "io.kubernetes.container.name";
    static final String TENANT = Annotations.TENANT;

    private static final String VOLUME_SCHEME = "volume:";
    private static final long CPU_PERIOD = 100_000;
    private static final long MIB = 1L << 20;
    private static final int LONGEST_HOSTNAME = 63;

    private final Path logs;

    CriConfigs(Path logs) {
        this.logs = logs;
    }

    Path logDirectory(Tenant tenant, ObjectNode pod) {
        return logDirectory(tenant, Metadata.namespace(pod), Metadata.name(pod), Metadata.uid(pod));
    }

    Path logDirectory(Tenant tenant, String namespace, String name, String uid) {
        return logs.resolve(String.join("_", tenant.name(), namespace, name, uid));
    }

    static String logPath(String container, int attempt) {
        return container + "/" + attempt + ".log";
    }

    static Map<String, String> labels(Tenant tenant, ObjectNode pod) {
        return Map.of(
                TENANT, tenant.name(),
                POD_NAMESPACE, Metadata.namespace(pod),
                POD_NAME, Metadata.name(pod),
                POD_UID, Metadata.uid(pod));
    }

    PodSandboxConfig sandbox(
            Tenant tenant,
            ObjectNode pod,
            int attempt,
            Port port,
            List<PodVolume> volumes,
            DNSConfig dns) {
        JsonNode spec = pod.path("spec");
        VmSize size = VmSize.of(spec);
        return PodSandboxConfig.newBuilder()
                .setMetadata(
                        PodSandboxMetadata.newBuilder()
                                .setName(Metadata.name(pod))
                                .setNamespace(Metadata.namespace(pod))
                                .setUid(Metadata.uid(pod))
                                .setAttempt(attempt))
                .setHostname(hostname(pod))
                .setLogDirectory(logDirectory(tenant, pod).toString())
                .setDnsConfig(dns)
                .putAllLabels(labels(tenant, pod))
                .putAnnotations(Annotations.NIC, Annotations.write(nic(port)))
                .putAnnotations(Annotations.HOSTS, PodDns.hosts(pod, hostname(pod), port.address()))
                .putAnnotations(Annotations.VOLUMES, Annotations.write(volumes(spec, volumes)))
                .setLinux(
                        LinuxPodSandboxConfig.newBuilder()
                                .setResources(
                                        LinuxContainerResources.newBuilder()
                                                .setMemoryLimitInBytes(size.memoryMiB() * MIB)
                                                .setCpuPeriod(CPU_PERIOD)
                                                .setCpuQuota(size.cpus() * CPU_PERIOD)))
                .build();
    }

    private static String hostname(ObjectNode pod) {
        String wanted = pod.path("spec").path("hostname").asString("");
        String name = wanted.isEmpty() ? Metadata.name(pod) : wanted;
        return name.length() <= LONGEST_HOSTNAME
                ? name
                : name.substring(0, LONGEST_HOSTNAME).replaceAll("[-.]+$", "");
    }

    private static SandboxNic nic(Port port) {
        return new SandboxNic(
                port.tap(),
                port.mac(),
                port.address(),
                port.prefixLength(),
                port.gateway(),
                port.mtu());
    }

    private static List<SandboxVolume> volumes(JsonNode spec, List<PodVolume> volumes) {
        JsonNode group = spec.path("securityContext").path("fsGroup");
        OptionalLong fsGroup =
                group.isNumber() ? OptionalLong.of(group.asLong()) : OptionalLong.empty();
        return volumes.stream().map(volume -> volume(volume, fsGroup)).toList();
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
        };
    }

    /**
     * @param environment resolved
     * @param imageRef what the image name has been resolved to
     */
    ContainerConfig container(
            Tenant tenant,
            ObjectNode pod,
            JsonNode container,
            int attempt,
            String imageRef,
            Map<String, String> environment) {
        String name = container.path("name").asString("");
        ContainerConfig.Builder config =
                ContainerConfig.newBuilder()
                        .setMetadata(
                                ContainerMetadata.newBuilder().setName(name).setAttempt(attempt))
                        .setImage(
                                ImageSpec.newBuilder()
                                        .setImage(imageRef)
                                        .setUserSpecifiedImage(
                                                container.path("image").asString("")))
                        .setWorkingDir(container.path("workingDir").asString(""))
                        .setLogPath(logPath(name, attempt))
                        .setStdin(container.path("stdin").asBoolean(false))
                        .setStdinOnce(container.path("stdinOnce").asBoolean(false))
                        .setTty(container.path("tty").asBoolean(false))
                        .putAllLabels(labels(tenant, pod))
                        .putLabels(CONTAINER_NAME, name)
                        .setLinux(
                                LinuxContainerConfig.newBuilder()
                                        .setResources(resources(container))
                                        .setSecurityContext(
                                                security(
                                                        pod.path("spec").path("securityContext"),
                                                        container.path("securityContext"))));
        for (JsonNode word : container.path("command")) {
            config.addCommand(Environment.expand(word.asString(""), environment));
        }
        for (JsonNode word : container.path("args")) {
            config.addArgs(Environment.expand(word.asString(""), environment));
        }
        environment.forEach((key, value) ->
                config.addEnvs(
                        KeyValue.newBuilder()
                                .setKey(key)
                                .setValue(ByteString.copyFrom(value, StandardCharsets.UTF_8))));
        for (JsonNode mount : container.path("volumeMounts")) {
            config.addMounts(mount(mount, environment));
        }
        return config.build();
    }

    private static Mount mount(JsonNode mount, Map<String, String> environment) {
        String subPath = mount.path("subPath").asString("");
        if (mount.has("subPathExpr")) {
            subPath = Environment.expand(mount.get("subPathExpr").asString(""), environment);
        }
        if (List.of(subPath.split("/")).contains("..") || subPath.startsWith("/")) {
            throw new PodConfigException(
                    "CreateContainerConfigError",
                    "subPath must be relative and without '..': " + subPath);
        }
        String volume = VOLUME_SCHEME + mount.path("name").asString("");
        return Mount.newBuilder()
                .setContainerPath(mount.path("mountPath").asString(""))
                .setHostPath(subPath.isEmpty() ? volume : volume + "/" + subPath)
                .setReadonly(mount.path("readOnly").asBoolean(false))
                .build();
    }

    private static LinuxContainerResources resources(JsonNode container) {
        JsonNode limits = container.path("resources").path("limits");
        LinuxContainerResources.Builder resources = LinuxContainerResources.newBuilder();
        String memory = limits.path("memory").asString("");
        if (!memory.isEmpty()) {
            resources.setMemoryLimitInBytes(Quantity.parse(memory).value());
        }
        String cpu = limits.path("cpu").asString("");
        if (!cpu.isEmpty()) {
            resources.setCpuPeriod(CPU_PERIOD);
            resources.setCpuQuota(Quantity.parse(cpu).milliValue() * CPU_PERIOD / 1000);
        }
        return resources.build();
    }

    /** What a container says goes before what its pod says. */
    private static LinuxContainerSecurityContext security(JsonNode pod, JsonNode container) {
        LinuxContainerSecurityContext.Builder security = LinuxContainerSecurityContext.newBuilder();
        JsonNode user = container.has("runAsUser") ? container : pod;
        if (user.has("runAsUser")) {
            security.setRunAsUser(
                    Int64Value.newBuilder().setValue(user.get("runAsUser").asLong(0)));
        }
        JsonNode group = container.has("runAsGroup") ? container : pod;
        if (group.has("runAsGroup")) {
            security.setRunAsGroup(
                    Int64Value.newBuilder().setValue(group.get("runAsGroup").asLong(0)));
        }
        for (JsonNode supplemental : pod.path("supplementalGroups")) {
            security.addSupplementalGroups(supplemental.asLong(0));
        }
        if (pod.has("fsGroup")) {
            security.addSupplementalGroups(pod.get("fsGroup").asLong(0));
        }
        security.setReadonlyRootfs(container.path("readOnlyRootFilesystem").asBoolean(false));
        security.setNoNewPrivs(!container.path("allowPrivilegeEscalation").asBoolean(true));
        Capability.Builder capabilities = Capability.newBuilder();
        for (JsonNode name : container.path("capabilities").path("add")) {
            capabilities.addAddCapabilities(name.asString(""));
        }
        for (JsonNode name : container.path("capabilities").path("drop")) {
            capabilities.addDropCapabilities(name.asString(""));
        }
        return security.setCapabilities(capabilities).build();
    }
}
