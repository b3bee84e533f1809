package io.hypernetes.installation;

import io.hypernetes.controlplane.Parts;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.store.EtcdCluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/**
 * Upstream's kube-apiserver over an etcd with one member, and those of its controllers that people
 * and rights need, on loopback.
 */
record UpstreamKubernetes(String url, Parts parts) implements SharedWorld {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Without them no namespace ends, and {@code edit} and {@code view} are empty. */
    private static final List<String> CONTROLLERS =
            List.of(
                    "namespace-controller",
                    "garbage-collector-controller",
                    "clusterrole-aggregation-controller");

    /** Of kube-apiserver; kube-controller-manager lies beside it. */
    static Optional<Path> program() {
        return Optional.ofNullable(System.getProperty("kube-apiserver"))
                .filter(path -> !path.isEmpty())
                .map(path -> Path.of(path).toAbsolutePath());
    }

    static UpstreamKubernetes start(
            Path program, Path folder, CertificateAuthority authority, Optional<Path> tokens)
            throws IOException, InterruptedException {
        Parts parts = new Parts();
        try {
            Path data = Files.createDirectories(folder.resolve("etcd"));
            EtcdCluster etcd = parts.closing(EtcdCluster.start(data, 1));
            int port = freePort();
            List<String> command = new ArrayList<>();
            command.add(program.toString());
            command.add("--etcd-servers=http://" + etcd.members().getFirst());
            command.add("--bind-address=127.0.0.1");
            command.add("--secure-port=" + port);
            command.add("--authorization-mode=RBAC");
            command.add("--service-cluster-ip-range=10.96.0.0/16");
            command.add("--service-account-issuer=https://kubernetes.default.svc");
            command.addAll(files(folder, authority));
            tokens.ifPresent(config -> {
                command.add("--authentication-token-webhook-config-file=" + config);
                command.add("--authentication-token-webhook-cache-ttl=1s");
            });
            Path log = folder.resolve("kube-apiserver.log");
            Process server = process(parts, log, command);
            String url = "https://127.0.0.1:" + port;
            awaitReady(url, authority, server, log);
            control(parts, program, folder, url, authority);
            return new UpstreamKubernetes(url, parts);
        } catch (IOException | InterruptedException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Whom it believes, as whom it serves, and with what it signs. */
    private static List<String> files(Path folder, CertificateAuthority authority)
            throws IOException {
        KeyedCertificate own = authority.serverCertificate(List.of("127.0.0.1"));
        Path signer = Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
        Path certificate = Files.writeString(folder.resolve("api.crt"), own.certificatePem());
        Path key = Files.writeString(folder.resolve("api.key"), own.keyPem());
        return List.of(
                "--client-ca-file=" + signer,
                "--tls-cert-file=" + certificate,
                "--tls-private-key-file=" + key,
                "--service-account-key-file=" + certificate,
                "--service-account-signing-key-file=" + key);
    }

    private static void control(
            Parts parts, Path program, Path folder, String url, CertificateAuthority authority)
            throws IOException {
        Path config = folder.resolve("controllers.kubeconfig");
        SharedWorld.access(url, authority, authority.operator())
                .write(config, "it", Optional.empty());
        process(
                parts,
                folder.resolve("kube-controller-manager.log"),
                List.of(
                        program.resolveSibling("kube-controller-manager").toString(),
                        "--kubeconfig=" + config,
                        "--controllers=" + String.join(",", CONTROLLERS),
                        "--leader-elect=false",
                        "--secure-port=0"));
    }

    private static Process process(Parts parts, Path log, List<String> command) throws IOException {
        Process process = Commands.start(Map.of(), log, command);
        parts.closing(() -> process.destroyForcibly().waitFor());
        return process;
    }

    /** Its own roles and namespaces are there too. */
    private static void awaitReady(
            String url, CertificateAuthority authority, Process server, Path log)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        SSLContext trust = Trust.context(Optional.of(authority.certificatePem()), Optional.empty());
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust).build()) {
            while (!isReady(http, URI.create(url + "/readyz"))) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IOException("kube-apiserver is not ready: " + Files.readString(log));
                }
                Thread.sleep(100);
            }
        }
    }

    private static boolean isReady(HttpClient http, URI ready) throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false; // it does not listen yet
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
