package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./hypernetes server} of our own, with data of its own. */
final class StartedServer implements AutoCloseable {

    private static final long PATIENCE_NANOS = 180_000_000_000L;
    private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";

    /** The load comes from one address and opens its connections anew for each kind of request. */
    private static final List<String> ONE_ADDRESS =
            List.of("--max-connection-rate-per-address", "1000000");

    private final Path data;
    private final Process process;
    private final double readySeconds;

    StartedServer(Path home, Path folder) throws IOException, InterruptedException {
        this(home, folder, "api");
    }

    /**
     * With the data of an earlier one that had the same folder.
     *
     * @param options more of them
     */
    StartedServer(Path home, Path folder, String components, String... options)
            throws IOException, InterruptedException {
        this(home, folder, components, ONE_ADDRESS, List.of(options));
    }

    private StartedServer(
            Path home,
            Path folder,
            String components,
            List<String> connections,
            List<String> options)
            throws IOException, InterruptedException {
        this.data = folder.resolve("data");
        Path log = folder.resolve("server.log");
        long start = System.nanoTime();
        List<String> command = new ArrayList<>();
        command.add(home.resolve("hypernetes").toString());
        command.addAll(List.of("server", "--components", components));
        command.addAll(List.of("--port", port(folder)));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(connections);
        command.addAll(options);
        this.process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        while (!Files.readString(log).contains("ready: https://")) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
                process.destroyForcibly();
                throw new IOException("the server did not start: " + Files.readString(log));
            }
            Thread.sleep(5);
        }
        this.readySeconds = (System.nanoTime() - start) / 1e9;
    }

    /** One that keeps to its usual limits, whatever address a load comes from. */
    static StartedServer guarded(Path home, Path folder, String components)
            throws IOException, InterruptedException {
        return new StartedServer(home, folder, components, List.of(), List.of());
    }

    /** The same at each start: else every world's endpoints of the API would have to change. */
    private static String port(Path folder) throws IOException {
        Path file = folder.resolve("port");
        if (Files.notExists(file)) {
            Files.writeString(file, Integer.toString(freePort()));
        }
        return Files.readString(file);
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** From the launcher's start to the first request that would be served. */
    double readySeconds() {
        return readySeconds;
    }

    /** The launcher's shell has become the server. */
    ServerUsage usage() {
        return new ServerUsage(process.pid());
    }

    /** Who may act in every world. */
    Kubeconfig operator() throws IOException {
        return Kubeconfig.read(data.resolve("operator.kubeconfig"));
    }

    /** Everything it keeps. */
    Path data() {
        return data;
    }

    Path pki() {
        return data.resolve("pki");
    }

    /** An administrator with a token, as the load of other servers has one. */
    Kubeconfig administrator() throws IOException {
        return administrator("");
    }

    /**
     * The same in another world.
     *
     * @param world empty, or {@code /tenants/NAME}
     */
    Kubeconfig administrator(String world) throws IOException {
        Kubeconfig operator = operator();
        try (Connection connection = new Connection(Endpoint.of(operator))) {
            make(
                    connection,
                    world + ACCOUNTS,
                    "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"bench\"}}");
            make(
                    connection,
                    world + "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                    """
                    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding",
                     "metadata":{"name":"bench"},
                     "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
                     "subjects":[{"kind":"ServiceAccount","name":"bench","namespace":"default"}]}
                    """);
            String answer =
                    make(
                            connection,
                            world + ACCOUNTS + "/bench/token",
                            """
                            {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest",
                             "spec":{"expirationSeconds":7200}}
                            """);
            String key = "\"token\":\"";
            int start = answer.indexOf(key) + key.length();
            String token = answer.substring(start, answer.indexOf('"', start));
            return new Kubeconfig(
                    operator.server() + world,
                    operator.authority(),
                    "bench",
                    new Kubeconfig.Proof.Token(token));
        }
    }

    private static String make(Connection connection, String path, String object)
            throws IOException {
        int status = connection.post(path, object.getBytes(StandardCharsets.UTF_8));
        if (status != 201) {
            throw new IOException(path + ": " + status + " " + connection.text());
        }
        return connection.text();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
