package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.HttpHeader;
import io.hypernetes.cri.guest.v1.ProbeResponse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A GET over TLS with a real server of a certificate that nobody signed, and with what is none. */
class HttpProbeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, String> SEEN = new ConcurrentHashMap<>();

    @TempDir static Path folder;
    private static HttpsServer server;

    @BeforeAll
    static void start() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().toString();
                    SEEN.put("path", path);
                    for (String name : List.of("Host", "User-agent", "X-probe")) {
                        String value = exchange.getRequestHeaders().getFirst(name);
                        SEEN.put(name, value == null ? "" : value);
                    }
                    if (path.startsWith("/302/")) {
                        exchange.getResponseHeaders().set("Location", path.substring(5));
                    }
                    exchange.sendResponseHeaders(Integer.parseInt(path.substring(1, 4)), 3);
                    exchange.getResponseBody().write("abc".getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static SSLContext selfSigned() throws Exception {
        Path store = folder.resolve("store");
        char[] password = "changeit".toCharArray();
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=nobody",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static final HttpProbe.Ports PORTS =
            (port, _) -> {
                try {
                    return Optional.of(LoopbackPort.to(port));
                } catch (IOException _) {
                    return Optional.empty();
                }
            };

    private static ProbeResult result(HttpGet.Builder get) {
        int port = server.getAddress().getPort();
        return HttpProbe.run(PORTS, get.setScheme("https").setPort(port).build(), PATIENCE);
    }

    private static Optional<String> probe(int port, Duration timeout, HttpGet.Builder get)
            throws IOException {
        return HttpProbe.run(PORTS, get.setScheme("https").setPort(port).build(), timeout)
                .failure();
    }

    private static Optional<String> probe(HttpGet.Builder get) throws IOException {
        return probe(server.getAddress().getPort(), PATIENCE, get);
    }

    private static HttpHeader header(String name, String value) {
        return HttpHeader.newBuilder().setName(name).setValue(value).build();
    }

    @Test
    void successIsWhatTheKubeletSays() throws IOException {
        assertThat(probe(HttpGet.newBuilder().setPath("/200"))).isEmpty();
        assertThat(probe(HttpGet.newBuilder().setPath("/302"))).isEmpty();
        assertThat(probe(HttpGet.newBuilder().setPath("/404")))
                .contains("HTTP probe failed with statuscode: 404");
        assertThat(probe(HttpGet.newBuilder().setPath("/503")))
                .contains("HTTP probe failed with statuscode: 503");
    }

    @Test
    void redirectionsWithinThePodAreFollowedAndOthersWarnedOf() {
        assertThat(result(HttpGet.newBuilder().setPath("/302//200/there")))
                .isEqualTo(ProbeResult.SUCCESS);
        assertThat(SEEN).containsEntry("path", "/200/there");
        assertThat(result(HttpGet.newBuilder().setPath("/302//404")).failure())
                .contains("HTTP probe failed with statuscode: 404");
        assertThat(result(HttpGet.newBuilder().setPath("/302/http://example.com/")))
                .isEqualTo(
                        new ProbeResult.Warning("Probe terminated redirects, Response body: abc"));
        // Nothing says where to go on.
        assertThat(result(HttpGet.newBuilder().setPath("/302")))
                .isInstanceOf(ProbeResult.Warning.class);
        String round = "/302/https://127.0.0.1:" + server.getAddress().getPort() + "/302/";
        assertThat(result(HttpGet.newBuilder().setPath(round + "x")))
                .isInstanceOf(ProbeResult.Failure.class);
        assertThat(result(HttpGet.newBuilder().setPath("/302/http://127.0.0.1:1/")).failure())
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .isEqualTo(
                                        "Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1:"
                                                + " connect: connection refused"));
    }

    @Test
    void aHookCountsWhatIsAnsweredAtAll() throws IOException {
        int port = server.getAddress().getPort();
        HttpGet get = HttpGet.newBuilder().setPath("/404").setScheme("https").setPort(port).build();
        ProbeResponse answered = HttpProbe.once(LoopbackPort.to(port), get, PATIENCE);
        assertThat(answered.getHttpStatus()).isEqualTo(404);
        assertThat(answered.getSuccess()).isFalse();
        HttpGet plain = get.toBuilder().setScheme("http").build();
        ProbeResponse refused = HttpProbe.once(LoopbackPort.to(port), plain, PATIENCE);
        assertThat(refused.getHttpStatus()).isZero();
        assertThat(refused.getMessage()).startsWith("Get \"http://127.0.0.1:");
    }

    @Test
    void whoGoesInCirclesIsLeft() {
        HttpGet.Builder circle = HttpGet.newBuilder().setPath("/302/?x");
        assertThat(result(circle).failure())
                .hasValueSatisfying(why -> assertThat(why).contains("stopped after 10 redirects"));
    }

    @Test
    void pathAndHeadersArrive() throws IOException {
        assertThat(
                        probe(
                                HttpGet.newBuilder()
                                        .setPath("/200/a b?x=ü")
                                        .addHeaders(header("X-Probe", "one"))
                                        .addHeaders(header("host", "example.com"))))
                .isEmpty();
        assertThat(SEEN)
                .containsEntry("path", "/200/a%20b?x=%C3%BC")
                .containsEntry("Host", "example.com")
                .containsEntry("User-agent", "kube-probe/1.36")
                .containsEntry("X-probe", "one");
    }

    @Test
    void noHeaderEndsItsLine() throws IOException {
        assertThat(
                        probe(
                                HttpGet.newBuilder()
                                        .setPath("/200")
                                        .addHeaders(header("X-Probe", "a\r\nX-Other: b"))))
                .hasValueSatisfying(why -> assertThat(why).contains("invalid header field"));
    }

    @Test
    void silenceEndsWithTheTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(
                            probe(
                                    silent.getLocalPort(),
                                    Duration.ofMillis(200),
                                    HttpGet.newBuilder().setPath("/")))
                    .hasValueSatisfying(why ->
                            assertThat(why)
                                    .startsWith("Get \"https://127.0.0.1:")
                                    .contains("context deadline exceeded"));
        }
    }

    @Test
    void tlsIsSpokenWhereTheSchemeSaysSo() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerTwice(plain));
            int port = plain.getLocalPort();
            HttpGet.Builder get = HttpGet.newBuilder().setPath("/").setPort(port);
            assertThat(probe(port, PATIENCE, get)).isPresent();
            HttpGet http = get.setScheme("http").build();
            assertThat(HttpProbe.run(PORTS, http, PATIENCE)).isEqualTo(ProbeResult.SUCCESS);
        }
    }

    private static void answerTwice(ServerSocket plain) {
        for (int i = 0; i < 2; i++) {
            try (var socket = plain.accept()) {
                int unused = socket.getInputStream().read();
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
