package io.hypernetes.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Real etcd processes on loopback (Debian's {@code etcd-server}), for tests and measurements: one
 * member or several, with plain text or with TLS that demands client certificates.
 */
public final class EtcdCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** PEM files: the members' certificate is also what clients present. */
    public record Tls(Path authority, Path certificate, Path key) {}

    private final Path directory;
    private List<String> tlsArguments;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private EtcdCluster(Path directory, int members, List<String> tlsArguments) throws IOException {
        this.directory = directory;
        this.tlsArguments = tlsArguments;
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            clientPorts.add(freePort(held));
            peerPorts.add(freePort(held));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    /** All are held until the last is found, so that none is given twice. */
    private static int freePort(List<ServerSocket> held) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        return socket.getLocalPort();
    }

    /** Plain text; returns when a write would succeed. */
    public static EtcdCluster start(Path directory, int members)
            throws IOException, InterruptedException {
        EtcdCluster cluster = new EtcdCluster(directory, members, List.of());
        cluster.startAll();
        for (int member = 0; member < members; member++) {
            cluster.awaitHealthy(member);
        }
        return cluster;
    }

    /** One member that demands a certificate; may not serve yet when it returns. */
    public static EtcdCluster startWithTls(Path directory, Tls tls)
            throws IOException, InterruptedException {
        EtcdCluster cluster = new EtcdCluster(directory, 1, arguments(tls));
        cluster.startAll();
        return cluster;
    }

    private static List<String> arguments(Tls tls) {
        return List.of(
                "--cert-file=" + tls.certificate(),
                "--key-file=" + tls.key(),
                "--trusted-ca-file=" + tls.authority(),
                "--client-cert-auth=true");
    }

    /**
     * Kills the first member and starts it again over what it has on disk, now demanding a
     * certificate; may not serve yet when it returns.
     */
    public void restartWithTls(Tls tls) throws IOException, InterruptedException {
        kill(0);
        tlsArguments = arguments(tls);
        processes.set(0, launch(0));
    }

    /** Asks the first member's JSON gateway, in plain text: what there is no client for. */
    public void ask(String path, String json) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + clientPorts.getFirst() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(uri)
                                    .POST(HttpRequest.BodyPublishers.ofString(json))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(path + " " + json + ": " + answer.body());
            }
        }
    }

    private void startAll() throws IOException {
        for (int member = 0; member < clientPorts.size(); member++) {
            processes.add(launch(member));
        }
    }

    private Process launch(int member) throws IOException {
        String scheme = tlsArguments.isEmpty() ? "http" : "https";
        String client = scheme + "://127.0.0.1:" + clientPorts.get(member);
        String peer = "http://127.0.0.1:" + peerPorts.get(member);
        List<String> peers = new ArrayList<>();
        for (int i = 0; i < peerPorts.size(); i++) {
            peers.add("m" + i + "=http://127.0.0.1:" + peerPorts.get(i));
        }
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "etcd",
                                "--name=m" + member,
                                "--data-dir=" + directory.resolve("m" + member),
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=" + String.join(",", peers),
                                "--initial-cluster-token=" + directory.getFileName(),
                                "--logger=zap"));
        command.addAll(tlsArguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCD_UNSUPPORTED_ARCH", System.getProperty("os.arch"));
        return builder.redirectOutput(
                        ProcessBuilder.Redirect.appendTo(
                                directory.resolve("m" + member + ".log").toFile()))
                .start();
    }

    private void awaitHealthy(int member) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        URI health = URI.create("http://127.0.0.1:" + clientPorts.get(member) + "/health");
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                try {
                    String answer =
                            http.send(
                                            HttpRequest.newBuilder(health)
                                                    .timeout(Duration.ofSeconds(2))
                                                    .build(),
                                            HttpResponse.BodyHandlers.ofString())
                                    .body();
                    if (answer.contains("true")) {
                        return;
                    }
                } catch (IOException _) {
                    // Not yet there.
                }
                Thread.sleep(50);
            }
        }
        throw new IOException("etcd did not come up, see " + directory);
    }

    /** {@code host:port} of all members. */
    public List<String> members() {
        return clientPorts.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** The processes of all members. */
    public List<Long> pids() {
        return processes.stream().map(Process::pid).toList();
    }

    /** SIGKILL. */
    public void kill(int member) throws InterruptedException {
        processes.get(member).destroyForcibly().waitFor();
    }

    /** Starts a killed member again, over what it has on disk. */
    public void restart(int member) throws IOException, InterruptedException {
        processes.set(member, launch(member));
        awaitHealthy(member);
    }

    /** Ends all members and removes what they wrote. */
    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly();
        }
        for (Process process : processes) {
            try {
                process.waitFor(30, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }
}
