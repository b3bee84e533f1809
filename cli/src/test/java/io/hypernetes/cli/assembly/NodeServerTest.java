package io.hypernetes.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.api.client.PodAccess.LogSource;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.Tls;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.SigningRequest;
import io.hypernetes.node.remote.NodeServer;
import io.hypernetes.node.remote.RemoteNode;
import io.hypernetes.volume.Volume;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;
import io.hypernetes.volume.directory.DirectoryPool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import javax.net.ssl.SSLContext;

/** A machine's port for the API server, over real TLS; the pods are played. */
class NodeServerTest {

    private static final ObjectKey POD = new ObjectKey(new Tenant("acme"), "web", "shop-0");
    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.inMemory(Clock.systemUTC());

    private static final String LOCAL = "local.hypernetes.io";

    @TempDir static Path volumes;

    private static NodeServer server;

    @BeforeAll
    static void start() throws IOException {
        SigningRequest.Fresh fresh =
                SigningRequest.make(
                        "system:node:first",
                        List.of("system:nodes"),
                        List.of(CertificateAuthority.nodeHost("first")));
        SigningRequest asked = SigningRequest.parse(fresh.request());
        String certificate =
                AUTHORITY.signServer(
                        asked.commonName(),
                        asked.organizations(),
                        asked.key(),
                        asked.hosts(),
                        Duration.ofDays(1));
        server =
                new NodeServer(
                        new Played(),
                        Map.of(LOCAL, new DirectoryPool(volumes, LOCAL)),
                        tls(certificate, fresh.key()),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        JoinedNode::isApiServer);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static SSLContext tls(String certificate, String key) {
        return Tls.context(
                new Kubeconfig(
                        "",
                        AUTHORITY.certificatePem(),
                        "x",
                        new Kubeconfig.Proof.Certificate(certificate, key)));
    }

    private static RemoteNode node(String name, SSLContext tls) {
        return new RemoteNode(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                CertificateAuthority.nodeHost(name),
                tls);
    }

    private static RemoteNode node() {
        var client = AUTHORITY.kubeletClient();
        return node("first", tls(client.certificatePem(), client.keyPem()));
    }

    @Test
    void volumesOfTheMachineAreMadeAndDeletedFromElsewhere() {
        VolumePool pool = node().pool(LOCAL);
        assertThat(pool.volume("pvc-1")).isEmpty();
        Volume made = pool.provision("pvc-1", "acme", 1 << 20, Map.of("kind", "fast=yes"));
        assertThat(made).isEqualTo(new Volume("pvc-1", "acme", 1 << 20));
        assertThat(pool.provision("pvc-1", "acme", 1 << 20, Map.of())).isEqualTo(made);
        assertThat(pool.volume("pvc-1")).contains(made);
        assertThat(pool.volumes()).containsExactly(made);
        VolumePool there = new DirectoryPool(volumes, LOCAL);
        var attachment = there.attach("pvc-1", "pod");
        assertThat(attachment.path()).startsWith(volumes.toString());
        assertThatThrownBy(() -> pool.delete("pvc-1"))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("pvc-1");
        there.detach("pvc-1", "pod");
        pool.delete("pvc-1");
        pool.delete("pvc-1");
        assertThat(there.volumes()).isEmpty();
        assertThatThrownBy(() -> pool.provision("pvc-2", "acme", 1L << 60, Map.of()))
                .isInstanceOf(VolumeException.class);
        assertThatThrownBy(() -> node().pool("other").volumes())
                .hasMessageContaining("no pool other on this machine");
        assertThatThrownBy(() -> pool.attach("pvc-1", "pod"))
                .hasMessageContaining("attached by that machine");
    }

    private static LogOptions logs(String container) {
        return new LogOptions(
                container,
                false,
                false,
                true,
                OptionalLong.of(3),
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                LogSource.ALL);
    }

    @Test
    void logsComeAsTheyAreWithTheirOptions() throws IOException {
        try (InputStream lines = node().logs(POD, logs("c & d"))) {
            assertThat(new String(lines.readAllBytes(), UTF_8)).isEqualTo(POD + " c & d 3 true\n");
        }
    }

    @Test
    void whatTheNodeRefusesIsToldInItsWords() {
        assertThatThrownBy(() -> node().logs(POD, logs("missing")))
                .isInstanceOf(ApiException.class)
                .hasMessage("container missing is not valid for pod shop-0");
    }

    @Test
    void aCommandHasItsInputItsOutputsAndItsExitCode() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExecOptions options = new ExecOptions("c", List.of("cat", "a b", "ü"), false, true);
        byte[] large = new byte[3_000_000];
        try (PodAccess.Process process = node().exec(POD, options, new Output(out, err))) {
            process.resize(new PodAccess.TerminalSize(80, 24));
            process.stdin().write(large);
            process.stdin().close();
            assertThat(process.waitFor()).isEqualTo(42);
        }
        assertThat(out.toByteArray()).isEqualTo(large);
        assertThat(err.toString(UTF_8)).isEqualTo("[cat, a b, ü] 80x24");
    }

    @Test
    void aPortIsAStreamOfBytesOrNotThere() throws IOException {
        assertThat(node().connect(POD, 81)).isEmpty();
        try (PortStream stream = node().connect(POD, 80).orElseThrow()) {
            stream.output().write("ping".getBytes(UTF_8));
            stream.output().close();
            assertThat(new String(stream.input().readAllBytes(), UTF_8)).isEqualTo("ping");
        }
    }

    @Test
    void usageIsTold() {
        UsageSource usages = node().usages();
        assertThat(usages.pod(POD)).isEqualTo(new Played().usages().pod(POD));
        assertThat(usages.node("first")).isEqualTo(new Played().usages().node("first"));
        assertThat(usages.node("other")).isEmpty();
    }

    @Test
    void onlyTheApiServerIsHeardAndOnlyThatNodeIsBelieved() {
        var operator = AUTHORITY.operator();
        var tenant = AUTHORITY.tenant(new Tenant("acme"), CertificateAuthority.KUBELET_CLIENT);
        for (var stranger : List.of(operator, tenant, AUTHORITY.node("second"))) {
            RemoteNode asked = node("first", tls(stranger.certificatePem(), stranger.keyPem()));
            assertThatThrownBy(() -> asked.logs(POD, logs("c")))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("error dialing backend");
        }
        var client = AUTHORITY.kubeletClient();
        RemoteNode other = node("second", tls(client.certificatePem(), client.keyPem()));
        assertThatThrownBy(() -> other.logs(POD, logs("c")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("second.nodes.hypernetes.io");
    }

    /** A pod that echoes. */
    private static final class Played implements PodAccess {
        @Override
        public InputStream logs(ObjectKey pod, LogOptions options) {
            if (options.container().equals("missing")) {
                throw ApiException.badRequest(
                        "container missing is not valid for pod " + pod.name());
            }
            String line =
                    "%s %s %d %s\n"
                            .formatted(
                                    pod,
                                    options.container(),
                                    options.tailLines().orElse(0),
                                    options.timestamps());
            return new ByteArrayInputStream(line.getBytes(UTF_8));
        }

        @Override
        public Process exec(ObjectKey pod, ExecOptions options, Output output) {
            return new Echo(options, output);
        }

        @Override
        public Optional<PortStream> connect(ObjectKey pod, int port) {
            return port == 80 ? Optional.of(new Loop()) : Optional.empty();
        }

        @Override
        public UsageSource usages() {
            return new UsageSource() {
                @Override
                public Optional<PodUsage> pod(ObjectKey pod) {
                    return Optional.of(
                            new PodUsage(
                                    Instant.EPOCH,
                                    Duration.ofSeconds(10),
                                    Map.of("c", new Amount(5, 7))));
                }

                @Override
                public Optional<NodeUsage> node(String name) {
                    return name.equals("first")
                            ? Optional.of(
                                    new NodeUsage(
                                            Instant.EPOCH,
                                            Duration.ofSeconds(10),
                                            new Amount(1, 2)))
                            : Optional.empty();
                }
            };
        }
    }

    /** Says its input again, and at the end its words on its other output. */
    private static final class Echo implements PodAccess.Process {
        private final ExecOptions options;
        private final Output output;
        private final PipedOutputStream stdin = new PipedOutputStream();
        private final PipedInputStream heard;
        private volatile String size = "";

        private Echo(ExecOptions options, Output output) {
            this.options = options;
            this.output = output;
            try {
                this.heard = new PipedInputStream(stdin, 64 * 1024);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public OutputStream stdin() {
            return stdin;
        }

        @Override
        public void resize(PodAccess.TerminalSize wanted) {
            size = wanted.columns() + "x" + wanted.rows();
        }

        @Override
        public int waitFor() throws IOException {
            heard.transferTo(output.stdout());
            output.stderr().write((options.command() + " " + size).getBytes(UTF_8));
            return 42;
        }

        @Override
        public void close() {
            try {
                stdin.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Loop implements PortStream {
        private final PipedOutputStream output = new PipedOutputStream();
        private final PipedInputStream input;

        private Loop() {
            try {
                this.input = new PipedInputStream(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public InputStream input() {
            return input;
        }

        @Override
        public OutputStream output() {
            return output;
        }

        @Override
        public void close() {
            try {
                input.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
