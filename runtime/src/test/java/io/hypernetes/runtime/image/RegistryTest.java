package io.hypernetes.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The parts of the protocol that a registry without users does not show. */
class RegistryTest {

    private static final byte[] BLOB = "the blob".getBytes(UTF_8);
    private static final RegistryCredentials ALICE =
            new RegistryCredentials.Password("alice", "secret");

    @TempDir private Path folder;
    private HttpServer server;
    private HttpServer elsewhere;
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger failures = new AtomicInteger();
    private String realm = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", this::registry);
        server.createContext("/token", this::token);
        elsewhere.createContext("/", exchange -> answer(exchange, "elsewhere", 200, BLOB));
        server.start();
        elsewhere.start();
        realm = "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    @AfterEach
    void stop() {
        server.stop(0);
        elsewhere.stop(0);
    }

    private void registry(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (failures.getAndDecrement() > 0) {
            answer(exchange, "failing", 503, new byte[0]);
        } else if (!"Bearer t1".equals(authorization)) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer realm=\""
                                    + realm
                                    + "\",service=\"s\",scope=\"repository:a/b:pull\"");
            answer(exchange, "challenge", 401, new byte[0]);
        } else if (exchange.getRequestURI().getPath().contains("/blobs/")) {
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/x");
            answer(exchange, "redirect", 307, new byte[0]);
        } else {
            answer(exchange, "manifest", 200, "{}".getBytes(UTF_8));
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        boolean alice =
                ((RegistryCredentials.Password) ALICE)
                        .basic()
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
        answer(
                exchange,
                "token " + exchange.getRequestURI().getQuery(),
                alice ? 200 : 401,
                "{\"token\":\"t1\"}".getBytes(UTF_8));
    }

    private void answer(HttpExchange exchange, String what, int status, byte[] body)
            throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        seen.add(what + (authorization == null ? "" : " with " + authorization.split(" ")[0]));
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Registry registry(RegistryCredentials credentials) {
        return new Registry(
                Registry.client(),
                RegistrySettings.DEFAULT,
                ImageName.parse("127.0.0.1:" + server.getAddress().getPort() + "/a/b"),
                credentials);
    }

    @Test
    void aTokenIsFetchedForAChallengeAndKept() throws Exception {
        Registry registry = registry(ALICE);
        registry.manifest("latest", 100);
        registry.manifest("latest", 100);
        assertThat(seen)
                .containsExactly(
                        "challenge",
                        "token service=s&scope=repository:a/b:pull with Basic",
                        "manifest with Bearer",
                        "manifest with Bearer");
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() throws Exception {
        Path file = folder.resolve("blob");
        registry(ALICE).download(new Descriptor("", Digest.of(BLOB), BLOB.length), file);
        assertThat(file).hasBinaryContent(BLOB);
        assertThat(seen).endsWith("redirect with Bearer", "elsewhere");
    }

    @Test
    void aTokenServiceThatCouldBeAnywhereIsNotAsked() {
        realm = "file:///etc/passwd";
        assertThatThrownBy(() -> registry(ALICE).manifest("latest", 100))
                .hasMessageContaining("unsafe token service");
        assertThat(seen).containsExactly("challenge");
    }

    @Test
    void refusedCredentialsAreSaidToBe() {
        assertThatThrownBy(
                        () -> registry(new RegistryCredentials.Anonymous()).manifest("latest", 100))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.reason()).isEqualTo(ImageException.Reason.UNAUTHORIZED));
        assertThat(ALICE.toString()).doesNotContain("secret");
    }

    @Test
    void aRegistryThatFailsForAMomentIsAskedAgain() throws Exception {
        failures.set(1);
        assertThat(registry(ALICE).manifest("latest", 100)).isEqualTo("{}".getBytes(UTF_8));
    }

    @Test
    void contentThatIsTooShortOrTooLongIsRefused() {
        assertThatThrownBy(() ->
                        registry(ALICE)
                                .download(
                                        new Descriptor("", Digest.of(BLOB), 3),
                                        folder.resolve("blob")))
                .hasMessageContaining("not of the size");
        assertThat(Files.exists(folder.resolve("other"))).isFalse();
    }
}
