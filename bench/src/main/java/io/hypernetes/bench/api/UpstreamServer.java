package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.store.EtcdCluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A kube-apiserver of upstream over an etcd with one member, on loopback, as its defaults are but
 * for rights by RBAC. It has the certificate of a server of ours, so that TLS costs the same.
 */
final class UpstreamServer implements AutoCloseable {

    private static final long PATIENCE_NANOS = 180_000_000_000L;
    private static final String PRIVATE_KEY = "accounts.key";
    private static final String PUBLIC_KEY = "accounts.pub";

    private final EtcdCluster etcd;
    private final Process process;
    private final Kubeconfig administrator;
    private final double readySeconds;

    /**
     * @param program the path of kube-apiserver
     * @param pki with {@code server.crt} and {@code server.key}
     * @param trust whose authority signed that certificate
     */
    UpstreamServer(Path program, Path folder, Path pki, Kubeconfig trust)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String token = token();
        int port = StartedServer.freePort();
        Files.writeString(folder.resolve("tokens.csv"), token + ",bench,bench,system:masters\n");
        makeKeys(folder);
        this.administrator =
                new Kubeconfig(
                        "https://127.0.0.1:" + port,
                        trust.authority(),
                        "bench",
                        new Kubeconfig.Proof.Token(token));
        this.etcd = EtcdCluster.start(Files.createDirectories(folder.resolve("etcd")), 1);
        long start = System.nanoTime();
        this.process =
                new ProcessBuilder(command(program, folder, pki, port))
                        .redirectErrorStream(true)
                        .redirectOutput(log(folder).toFile())
                        .start();
        awaitReady(folder, start);
        this.readySeconds = (System.nanoTime() - start) / 1e9;
    }

    private List<String> command(Path program, Path folder, Path pki, int port) {
        return List.of(
                program.toString(),
                "--etcd-servers=http://" + etcd.members().getFirst(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--tls-cert-file=" + pki.resolve("server.crt"),
                "--tls-private-key-file=" + pki.resolve("server.key"),
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--authorization-mode=Node,RBAC",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + folder.resolve(PUBLIC_KEY),
                "--service-account-signing-key-file=" + folder.resolve(PRIVATE_KEY));
    }

    private static String token() {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    private static void makeKeys(Path folder) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            write(folder.resolve(PRIVATE_KEY), "PRIVATE KEY", keys.getPrivate());
            write(folder.resolve(PUBLIC_KEY), "PUBLIC KEY", keys.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without elliptic curves", e);
        }
    }

    private static void write(Path file, String label, Key key) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        Files.writeString(
                file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }

    private static Path log(Path folder) {
        return folder.resolve("kube-apiserver.log");
    }

    private void awaitReady(Path folder, long start) throws IOException, InterruptedException {
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
                process.destroyForcibly();
                throw new IOException(
                        "kube-apiserver did not start: " + Files.readString(log(folder)));
            }
            Thread.sleep(5);
        }
    }

    private boolean isReady() {
        try (Connection connection = new Connection(endpoint())) {
            return connection.get("/readyz") == 200;
        } catch (IOException _) {
            // It does not listen yet.
            return false;
        }
    }

    Endpoint endpoint() {
        return Endpoint.of(administrator);
    }

    /** From the program's start to ready; its etcd ran before. */
    double readySeconds() {
        return readySeconds;
    }

    ServerUsage usage() {
        return new ServerUsage(process.pid());
    }

    ServerUsage etcdUsage() {
        return new ServerUsage(etcd.pids().getFirst());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        etcd.close();
    }
}
