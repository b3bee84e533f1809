package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What lasts for hours ends when the right to it does. */
class LastingIT {
    private static final String WATCH =
            "/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=0";

    /** A member of its tenant until its token is revoked. */
    private static final String CAROL = "carol:acme";

    private static final class Closing implements WebSocket.Listener {
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete("closed");
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable cause) {
            closed.complete("cut");
        }
    }

    @Test
    void watchesEndWithTheTokenThatOpenedThem() throws Exception {
        try (TestServer server = new TestServer()) {
            HttpResponse<Stream<String>> hers = watch(server, CAROL);
            HttpResponse<Stream<String>> others = watch(server, TestServer.ALICE);
            Closing closing = new Closing();
            server.http()
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer " + CAROL)
                    .buildAsync(URI.create(server.url().replace("https", "wss") + WATCH), closing)
                    .get(60, TimeUnit.SECONDS);

            server.users.revoke(CAROL);

            assertThat(
                            CompletableFuture.supplyAsync(() -> remaining(hers))
                                    .get(60, TimeUnit.SECONDS))
                    .isEmpty();
            assertThat(closing.closed.get(60, TimeUnit.SECONDS)).isIn("closed", "cut");
            assertThat(server.get(CAROL, WATCH).statusCode()).isEqualTo(401);
            server.send(
                    TestServer.ALICE,
                    "POST",
                    "/api/v1/namespaces/default/configmaps",
                    "{\"metadata\":{\"name\":\"still-watched\"}}");
            try (Stream<String> lines = others.body()) {
                assertThat(lines.findFirst().orElseThrow()).contains("still-watched");
            }
        }
    }

    /** Until the end, however it comes. */
    private static List<String> remaining(HttpResponse<Stream<String>> watch) {
        try (Stream<String> lines = watch.body()) {
            return lines.toList();
        } catch (UncheckedIOException e) {
            return List.of();
        }
    }

    private static HttpResponse<Stream<String>> watch(TestServer server, String token)
            throws Exception {
        HttpResponse<Stream<String>> answer =
                server.http().send(server.request(token, WATCH).build(), BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }
}
