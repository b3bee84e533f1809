package io.hypernetes.node;

import io.grpc.ManagedChannel;
import io.hypernetes.api.json.Json;
import io.hypernetes.cri.v1.PodSandboxStatusRequest;
import io.hypernetes.cri.v1.PodSandboxStatusResponse;
import io.hypernetes.cri.v1.RuntimeCondition;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.cri.v1.StatusRequest;
import io.hypernetes.network.Port;
import io.hypernetes.network.tap.Netns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a pod that containerd runs gets a port of its own. containerd makes the pod's namespace and
 * asks a CNI plug-in for a network; ours, a shell script, answers with the addresses that are
 * written down here before. Then the node agent leads the cable into that namespace.
 */
final class ContainerdNetwork {

    private static final String PLUGIN = "hypernetes";
    private static final String REFUSED = "FailedCreatePodSandBox";
    private static final Duration QUICK = Duration.ofSeconds(30);
    private static final String CONFIG =
            """
            {"cniVersion": "0.4.0", "name": "hypernetes", "plugins": [{"type": "hypernetes"}]}
            """;

    private final Path folder;
    private final ManagedChannel channel;

    private ContainerdNetwork(Path folder, ManagedChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** Writes the plug-in and its configuration into the folder. */
    static ContainerdNetwork install(Path folder, ManagedChannel channel) {
        try {
            ContainerdNetwork network = new ContainerdNetwork(folder.toAbsolutePath(), channel);
            Files.createDirectories(network.results());
            Files.createDirectories(network.programs());
            Files.createDirectories(network.configurations());
            byte[] script;
            try (InputStream in = ContainerdNetwork.class.getResourceAsStream("cni-plugin")) {
                script = Objects.requireNonNull(in, "cni-plugin").readAllBytes();
            }
            for (String name : new String[] {PLUGIN, "loopback"}) {
                write(network.programs().resolve(name), script, "rwxr-xr-x");
            }
            write(
                    network.configurations().resolve("10-hypernetes.conflist"),
                    CONFIG.getBytes(StandardCharsets.UTF_8),
                    "rw-r--r--");
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the CNI plug-in to " + folder, e);
        }
    }

    private static void write(Path file, byte[] content, String mode) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName());
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path programs() {
        return folder.resolve("bin");
    }

    private Path configurations() {
        return folder.resolve("net.d");
    }

    private Path results() {
        return folder.resolve("pods");
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime() {
        return RuntimeServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(QUICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Writes down what the plug-in is to say of a pod.
     *
     * @throws PodConfigException when containerd has no plug-in
     */
    void expect(Port port) {
        Path file = results().resolve(port.id().podUid());
        if (Files.exists(file)) {
            return;
        }
        requirePlugin();
        try {
            write(file, Json.write(result(port)), "rw-r--r--");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Of a successful ADD, as CNI 0.4.0 says. */
    static ObjectNode result(Port port) {
        ObjectNode result = Json.object();
        result.put("cniVersion", "0.4.0");
        result.putArray("interfaces").addObject().put("name", "eth0").put("mac", port.mac());
        for (Port.Address own : port.addresses()) {
            result.withArray("ips")
                    .addObject()
                    .put("version", own.ip().contains(":") ? "6" : "4")
                    .put("interface", 0)
                    .put("address", own.ip() + "/" + own.prefixLength())
                    .put("gateway", own.gateway());
        }
        return result;
    }

    private void requirePlugin() {
        for (RuntimeCondition condition :
                runtime()
                        .status(StatusRequest.getDefaultInstance())
                        .getStatus()
                        .getConditionsList()) {
            if (condition.getType().equals("NetworkReady") && !condition.getStatus()) {
                throw new PodConfigException(
                        REFUSED, "Failed to create pod sandbox: containerd has no network" + fix());
            }
        }
    }

    private String fix() {
        return " for a pod of its own: in the section cni of containerd's CRI plug-in say bin_dir ="
                + " \""
                + programs()
                + "\" and conf_dir = \""
                + configurations()
                + "\", and start it again; or say hostNetwork: true";
    }

    /**
     * The network namespace of a pod's sandbox.
     *
     * @throws PodConfigException when another plug-in has answered for it than ours
     */
    Netns namespace(Port port, String sandbox) {
        PodSandboxStatusResponse status = status(runtime(), sandbox);
        if (!status.getStatus().getNetwork().getIp().equals(port.address())) {
            throw new PodConfigException(
                    REFUSED,
                    "Failed to create pod sandbox: containerd asks another CNI plug-in" + fix());
        }
        try {
            return namespace(status)
                    .orElseThrow(() ->
                            new PodConfigException(
                                    REFUSED, "the sandbox has been made on the host's network"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PodSandboxStatusResponse status(
            RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime, String sandbox) {
        return runtime.podSandboxStatus(
                PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setVerbose(true)
                        .build());
    }

    /** The pod's network namespace; empty when it is the host's. */
    static Optional<Netns> namespace(PodSandboxStatusResponse status) throws IOException {
        JsonNode info = JsonMapper.shared().readTree(status.getInfoOrDefault("info", "{}"));
        JsonNode spec = info.path("runtimeSpec");
        if (!spec.isObject()) {
            throw new IOException("the runtime does not tell in which network the pod is");
        }
        for (JsonNode namespace : spec.path("linux").path("namespaces")) {
            if (namespace.path("type").asString("").equals("network")) {
                Path file = Path.of(namespace.path("path").asString(""));
                return Optional.of(new Netns(String.valueOf(file.getFileName())));
            }
        }
        return Optional.empty();
    }

    /** Of which pods something is written down. */
    Set<String> uids() {
        try (Stream<Path> files = Files.list(results())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget(String uid) {
        try {
            Files.deleteIfExists(results().resolve(uid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
