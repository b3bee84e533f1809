package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerMetadata;
import io.hypernetes.cri.v1.Device;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.KeyValue;
import io.hypernetes.cri.v1.LinuxContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.LinuxPodSandboxConfig;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.NamespaceMode;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxMetadata;
import io.hypernetes.network.Port;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod in the words of CRI v1; what is different from runtime to runtime is {@link PodSetup}'s.
 */
final class CriConfigs {

    static final String POD_NAME = "io.kubernetes.pod.name";
    static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    static final String POD_UID = "io.kubernetes.pod.uid";
    static final String CONTAINER_NAME = "io.kubernetes.container.name";
    static final String TENANT = Annotations.TENANT;

    private static final long CPU_PERIOD = 100_000;
    private static final long MIB = 1L << 20;
    private static final int LONGEST_HOSTNAME = 63;

    /** Of Linux. */
    private static final int LONGEST_KERNEL_NAME = 64;

    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;

    private final PodLogs logs;
    private final PodSetup setup;

    CriConfigs(PodLogs logs, PodSetup setup) {
        this.logs = logs;
        this.setup = setup;
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
            Optional<Port> port,
            List<PodVolume> volumes) {
        JsonNode spec = pod.path("spec");
        PodSandboxConfig.Builder config =
                PodSandboxConfig.newBuilder()
                        .setMetadata(
                                PodSandboxMetadata.newBuilder()
                                        .setName(Metadata.name(pod))
                                        .setNamespace(Metadata.namespace(pod))
                                        .setUid(Metadata.uid(pod))
                                        .setAttempt(attempt))
                        .setHostname(ownName(pod))
                        .setLogDirectory(logs.directory(tenant, pod).toString())
                        .setDnsConfig(PodDns.of(pod, port.map(Port::nameServer)))
                        .putAllLabels(labels(tenant, pod))
                        .setLinux(LinuxPodSandboxConfig.newBuilder().putAllSysctls(sysctls(spec)));
        setup.complete(config, pod, port, volumes);
        return config.build();
    }

    private static Map<String, String> sysctls(JsonNode spec) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        spec.path("securityContext")
                .path("sysctls")
                .forEach(one ->
                        sysctls.put(one.path("name").asString(""), one.path("value").asString("")));
        return sysctls;
    }

    /** What its kernel is called. */
    private static String ownName(ObjectNode pod) {
        String name = hostname(pod);
        if (!pod.path("spec").path("setHostnameAsFQDN").asBoolean(false)) {
            return name;
        }
        String whole = PodDns.wholeName(pod, name).orElse(name);
        if (whole.length() > LONGEST_KERNEL_NAME) {
            throw new PodConfigException(
                    "FailedCreatePodSandBox",
                    "Failed to construct FQDN from Pod hostname and cluster domain, FQDN "
                            + whole
                            + " is too long (64 characters is the max, "
                            + whole.length()
                            + " characters requested)");
        }
        return whole;
    }

    /** With {@code hostnameOverride} (KEP-4762) others go on finding it by its other names. */
    static String hostname(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        String wanted = spec.path("hostnameOverride").asString(spec.path("hostname").asString(""));
        String name = wanted.isEmpty() ? Metadata.name(pod) : wanted;
        return name.length() <= LONGEST_HOSTNAME
                ? name
                : name.substring(0, LONGEST_HOSTNAME).replaceAll("[-.]+$", "");
    }

    /**
     * @param environment resolved
     * @param image what the image name has been resolved to
     */
    ContainerConfig container(
            PodLook look,
            JsonNode container,
            int attempt,
            Image image,
            Map<String, String> environment) {
        Tenant tenant = look.tenant();
        ObjectNode pod = look.pod();
        String name = container.path("name").asString("");
        ContainerConfig.Builder config =
                ContainerConfig.newBuilder()
                        .setMetadata(
                                ContainerMetadata.newBuilder().setName(name).setAttempt(attempt))
                        .setImage(
                                ImageSpec.newBuilder()
                                        .setImage(image.getId())
                                        .setUserSpecifiedImage(
                                                container.path("image").asString("")))
                        .setWorkingDir(container.path("workingDir").asString(""))
                        .setLogPath(logPath(name, attempt))
                        .setStdin(container.path("stdin").asBoolean(false))
                        .setStdinOnce(container.path("stdinOnce").asBoolean(false))
                        .setTty(container.path("tty").asBoolean(false))
                        .putAllLabels(labels(tenant, pod))
                        .putLabels(CONTAINER_NAME, name)
                        .putAnnotations(
                                Annotations.TERMINATION_MESSAGE_PATH,
                                container
                                        .path("terminationMessagePath")
                                        .asString("/dev/termination-log"))
                        .putAnnotations(
                                TerminationMessages.POLICY,
                                container.path("terminationMessagePolicy").asString("File"))
                        .setLinux(
                                LinuxContainerConfig.newBuilder()
                                        .setResources(resources(container))
                                        .setSecurityContext(security(look, container, image)));
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
            config.addMounts(mount(look, mount, environment));
        }
        for (JsonNode device : container.path("volumeDevices")) {
            String volume = device.path("name").asString("");
            config.addDevices(
                    Device.newBuilder()
                            .setContainerPath(device.path("devicePath").asString(""))
                            .setHostPath(setup.source(look, volume, ""))
                            .setPermissions("mrw"));
        }
        setup.complete(config, look, container, attempt);
        return config.build();
    }

    /**
     * An ephemeral container may see the processes of another one (KEP-277), all those of a pod
     * that shares them.
     */
    private static LinuxContainerSecurityContext security(
            PodLook look, JsonNode container, Image image) {
        JsonNode spec = look.pod().path("spec");
        boolean shared = spec.path("shareProcessNamespace").asBoolean(false);
        NamespaceOption.Builder namespaces =
                NamespaceOption.newBuilder()
                        .setPid(shared ? NamespaceMode.POD : NamespaceMode.CONTAINER);
        look.sandbox()
                .latest(container.path("targetContainerName").asString(""))
                .filter(SandboxView.ContainerView::running)
                .ifPresent(run -> namespaces.setPid(NamespaceMode.TARGET).setTargetId(run.id()));
        return SecurityContexts.of(
                        spec.path("securityContext"), container.path("securityContext"), image)
                .toBuilder()
                .setNamespaceOptions(namespaces)
                .build();
    }

    private Mount mount(PodLook look, JsonNode mount, Map<String, String> environment) {
        String subPath = mount.path("subPath").asString("");
        if (mount.has("subPathExpr")) {
            subPath = Environment.expand(mount.get("subPathExpr").asString(""), environment);
        }
        if (List.of(subPath.split("/")).contains("..") || subPath.startsWith("/")) {
            throw new PodConfigException(
                    "CreateContainerConfigError",
                    "subPath must be relative and without '..': " + subPath);
        }
        String name = mount.path("name").asString("");
        if (ImageVolumes.isOne(look.pod(), name)) {
            String image = look.memory().imageVolume(name).orElse("");
            return Mount.newBuilder()
                    .setContainerPath(mount.path("mountPath").asString(""))
                    .setImage(ImageSpec.newBuilder().setImage(image))
                    .setImageSubPath(subPath)
                    .setReadonly(true)
                    .build();
        }
        boolean readOnly =
                mount.path("readOnly").asBoolean(false) || FileVolumes.areIn(look.pod(), name);
        return Mount.newBuilder()
                .setContainerPath(mount.path("mountPath").asString(""))
                .setHostPath(setup.source(look, name, subPath))
                .setReadonly(readOnly)
                .build();
    }

    static LinuxContainerResources resources(VmSize size) {
        return LinuxContainerResources.newBuilder()
                .setMemoryLimitInBytes(size.memoryMiB() * MIB)
                .setCpuPeriod(CPU_PERIOD)
                .setCpuQuota(size.cpus() * CPU_PERIOD)
                .build();
    }

    static LinuxContainerResources resources(JsonNode container) {
        JsonNode limits = container.path("resources").path("limits");
        JsonNode requests = container.path("resources").path("requests");
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
        String share = requests.path("cpu").asString(cpu);
        resources.setCpuShares(share.isEmpty() ? LEAST_SHARES : shares(share));
        return resources.build();
    }

    /** As upstream's kubelet: 1024 for a processor. */
    private static long shares(String cpu) {
        return Math.clamp(
                Quantity.parse(cpu).milliValue() * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
    }
}
