package io.hypernetes.installation;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.cli.Progress;
import io.hypernetes.cli.assembly.AuditConfig;
import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.NetworkRules;
import io.hypernetes.cli.assembly.PodRuntimes;
import io.hypernetes.cli.assembly.Removal;
import io.hypernetes.cli.assembly.StoreLocation;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.server.ServerLimits;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One whole installation on this machine (OVN, machines, API), and kubectl in the worlds of the
 * tenants acme and globex. One for all tests of this process; it ends, with all its machines, with
 * the process.
 */
final class NodeCloud {

    /** Long, as machines share a processor with whatever else a test machine does. */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Guarded by the class. */
    private static @Nullable NodeCloud started;

    private final Path folder;
    private final Cloud cloud;
    private final Cloud.OperatorAccess access;

    private NodeCloud(Path folder, Cloud cloud, Cloud.OperatorAccess access) {
        this.folder = folder;
        this.cloud = cloud;
        this.access = access;
    }

    static synchronized NodeCloud get() throws IOException, InterruptedException {
        NodeCloud present = started;
        if (present == null) {
            Path folder = Files.createTempDirectory("hn-node");
            mount(folder, "256m");
            mount(Files.createDirectories(folder.resolve("data/volumes")), "64m");
            present = start(folder);
            started = present;
        }
        return present;
    }

    /** A file system of its own, which a test can fill to the last byte. */
    private static void mount(Path folder, String size) {
        run("", List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "hn", folder.toString()))
                .succeeded();
    }

    private static NodeCloud start(Path folder) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("hypernetes.root", ".."));
        Path guest = guest();
        run("", List.of(root.resolve("guest/build").toString(), guest.toString())).succeeded();
        Path data = Files.createDirectories(folder.resolve("data"));
        System.setProperty("hypernetes.spares", "0"); // no machines but those of pods
        System.setProperty("hypernetes.pressure.seconds", "10");
        Cloud cloud =
                new Cloud(config(data, guest), new Progress(folder.resolve("progress"), false));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(cloud, folder, guest), "node-cloud-end"));
        NodeCloud all = new NodeCloud(folder, cloud, cloud.start());
        try (RemoteClient operator = new RemoteClient(access(all, ""))) {
            for (String tenant : List.of("acme", "globex")) {
                ObjectNode object = Json.object();
                object.putObject("metadata").put("name", tenant);
                // What ends a kernel from inside needs rights; and images are to be kept here.
                TenantSecurity.OPEN.fillIn(object);
                operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
                access(all, "/tenants/" + tenant)
                        .write(folder.resolve(tenant), "context", Optional.of("default"));
            }
        }
        access(all, "").write(folder.resolve("operator"), "context", Optional.of("default"));
        for (String tenant : List.of("acme", "globex")) {
            all.await(
                    "the service account of " + tenant,
                    () -> all.kubectl(tenant, "get", "serviceaccount", "default").exit == 0);
        }
        return all;
    }

    private static Kubeconfig access(NodeCloud cloud, String path) {
        return cloud.access.kubeconfig("https://127.0.0.1:" + cloud.access.port() + path);
    }

    private static CloudConfig config(Path data, Path guest) {
        return new CloudConfig(
                data,
                guest,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new PodRuntimes("tcg", Optional.of(containerd(data))),
                "node",
                EnumSet.allOf(Component.class),
                new StoreLocation.Memory(),
                data.resolve("pki"),
                IdentityConfig.BUILT_IN,
                AuditConfig.NONE,
                NetworkRules.NONE,
                ServerLimits.DEFAULT,
                TenantSecurity.OPEN,
                "v0");
    }

    private static void end(Cloud cloud, Path folder, Path guest) {
        try {
            cloud.close();
            Removal removal = new Removal(folder.resolve("data"), guest);
            removal.stopMachines();
            removal.stopNetwork(true);
            run("", List.of("umount", "--lazy", "--recursive", folder.toString())).succeeded();
            new Removal(folder, guest).deleteState();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How a program ended. */
    record Run(List<String> command, int exit, String output) {
        Run succeeded() {
            if (exit != 0) {
                throw new AssertionError(command + " ended with " + exit + ":\n" + output);
            }
            return this;
        }

        String text() {
            return succeeded().output.strip();
        }
    }

    Run kubectl(String tenant, String... arguments) {
        return kubectlWithInput("", tenant, arguments);
    }

    Run kubectlWithInput(String input, String tenant, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("kubectl", "--kubeconfig", folder.resolve(tenant).toString()));
        command.addAll(List.of(arguments));
        return run(input, command);
    }

    void apply(String tenant, String manifest) {
        kubectlWithInput(manifest, tenant, "apply", "-f", "-").succeeded();
    }

    Run exec(String tenant, String pod, String container, String line) {
        return kubectl(tenant, "exec", pod, "-c", container, "--", "sh", "-c", line);
    }

    JsonNode get(String tenant, String kind, String name) {
        return JsonMapper.shared()
                .readTree(kubectl(tenant, "get", kind, name, "-o", "json").succeeded().output());
    }

    /** Reasons and messages of a pod's events, one a line. */
    String events(String tenant, String pod) {
        return kubectl(
                        tenant,
                        "get",
                        "events",
                        "--field-selector",
                        "involvedObject.name=" + pod,
                        "-o",
                        "jsonpath={range .items[*]}{.type} {.reason} {.message}"
                                + " {.involvedObject.fieldPath}{\"\\n\"}{end}")
                .succeeded()
                .output();
    }

    /** The operator's view of this machine's condition. */
    String nodeCondition(String type) {
        return operator(
                "get",
                "node",
                "node",
                "-o",
                "jsonpath={.status.conditions[?(@.type==\"" + type + "\")].status}");
    }

    /** Types, reasons and messages of the events about this machine, one a line. */
    String nodeEvents() {
        return operator(
                "get",
                "events",
                "--field-selector",
                "involvedObject.kind=Node",
                "-o",
                "jsonpath={range .items[*]}{.type} {.reason} {.message}{\"\\n\"}{end}");
    }

    private String operator(String... arguments) {
        return kubectl("operator", arguments).text();
    }

    void awaitReady(String tenant, String... pods) {
        for (String pod : pods) {
            await(
                    pod + " to be ready; " + events(tenant, pod),
                    () ->
                            kubectl(
                                                    tenant,
                                                    "wait",
                                                    "pod/" + pod,
                                                    "--for=condition=Ready",
                                                    "--timeout=20s")
                                            .exit
                                    == 0);
        }
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not after " + PATIENCE + ": " + what);
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    /** Where the operator's containerd is to be, which a test may start. */
    static Path containerd(Path data) {
        return data.resolve("containerd.sock");
    }

    /** The guest's kernel and images. */
    static Path guest() {
        Path root = Path.of(System.getProperty("hypernetes.root", ".."));
        return root.resolve("guest/target").toAbsolutePath().normalize();
    }

    /** A file of the tests' own. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** The process of a pod's machine. */
    ProcessHandle machine(String pod) throws IOException {
        try (Stream<Path> sandboxes = Files.list(data().resolve("hyper/sandboxes"))) {
            for (Path sandbox : sandboxes.toList()) {
                JsonNode record =
                        JsonMapper.shared()
                                .readTree(Files.readAllBytes(sandbox.resolve("sandbox.json")));
                if (record.path("pod").asString("").equals("default/" + pod)
                        && record.path("state").asString("").equals("READY")) {
                    Path pid =
                            data().resolve("hyper/vm")
                                    .resolve(sandbox.getFileName())
                                    .resolve("pid");
                    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                            .orElseThrow();
                }
            }
        }
        throw new AssertionError("no machine runs for " + pod);
    }

    static Run run(String input, List<String> command) {
        try {
            Path output = Files.createTempFile("node-cloud", ".out");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                process.onExit().join(); // it ended without reading its input
            }
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Run(command, ended ? process.exitValue() : 124, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
