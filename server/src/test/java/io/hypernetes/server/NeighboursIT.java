package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.access.FlowLimits;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.outbound.TenantUrls;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One tenant does what it can to keep the server busy: lists of everything, large writes, watches
 * that it does not read, connections that say nothing. The other is served all the same.
 */
class NeighboursIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String NOISY = TestServer.ALICE;
    private static final String QUIET = TestServer.BOB;
    private static final int CALLERS = 18;
    private static final int ROUNDS = 10;
    private static final String LARGE = "x".repeat(2 << 20);

    private static final ServerLimits LIMITS = limits(1L << 30);

    private static ServerLimits limits(long largeBytesPerSecond) {
        return new ServerLimits(
                new HttpLimits(
                        3 << 20,
                        Duration.ofSeconds(60),
                        32 << 10,
                        Duration.ofMinutes(5),
                        1000,
                        1000,
                        100),
                new FlowLimits(
                        64,
                        4,
                        4,
                        Duration.ofSeconds(1),
                        64L << 20,
                        8L << 20,
                        largeBytesPerSecond,
                        2,
                        10),
                TenantUrls.NONE);
    }

    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final Queue<String> cutOff = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void theQuietTenantIsServedAllTheSame() throws Exception {
        try (TestServer server = new TestServer(LIMITS);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                create(server, NOISY, "noise-" + i, "x".repeat(4096));
            }
            List<Socket> silent = silent(URI.create(server.url()).getPort());
            List<HttpClient> clients = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                HttpClient client = server.another();
                clients.add(client);
                int number = i;
                callers.execute(() -> makeNoise(server, client, number));
            }
            try {
                await429();
                for (int i = 0; i < ROUNDS; i++) {
                    serveQuiet(server, "quiet-" + i);
                }
            } finally {
                over.set(true);
                clients.forEach(HttpClient::shutdownNow);
                for (Socket socket : silent) {
                    socket.close();
                }
            }
        }
        assertThat(answers.keySet())
                .as("the noisy one is slowed down, not shut out")
                .contains(200, 429)
                .isSubsetOf(200, 413, 422, 429);
        assertThat(cutOff).as("only the end of the test cuts anybody off").isEmpty();
    }

    @Test
    void whatATenantBringsInLargeBodiesHasABudget() throws Exception {
        // One of this size in four seconds, and nobody waits for longer than one.
        try (TestServer server = new TestServer(limits(150_000))) {
            String half = "x".repeat(600_000);
            assertThat(create(server, NOISY, "first", half)).isEqualTo(201);
            assertThat(untilRefused(server, NOISY, half)).isEqualTo(429);
            assertThat(create(server, NOISY, "small", "x")).isEqualTo(201);
            for (int i = 0; i < 10; i++) {
                assertThat(createUnannounced(server, "unannounced-" + i, half)).isEqualTo(201);
            }
            assertThat(create(server, QUIET, "next", half)).as("held against it").isEqualTo(429);
            assertThat(create(server, QUIET, "small", "x")).isEqualTo(201);
        }
    }

    private static int untilRefused(TestServer server, String token, String text) {
        int status = 201;
        for (int i = 0; i < 30 && status == 201; i++) {
            status = create(server, token, "more-" + i, text);
        }
        return status;
    }

    private static int createUnannounced(TestServer server, String name, String text)
            throws IOException, InterruptedException {
        byte[] body =
                ("{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"a\":\"" + text + "\"}}")
                        .getBytes(StandardCharsets.US_ASCII);
        HttpRequest request =
                server.request(QUIET, MAPS)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                        .build();
        HttpClient client = server.another();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        client.shutdownNow();
        return status;
    }

    /** Half of what an address may have; they never say anything. */
    private static List<Socket> silent(int port) throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        return silent;
    }

    private static void serveQuiet(TestServer server, String name) {
        assertThat(create(server, QUIET, name, "a")).isEqualTo(201);
        assertThat(server.get(QUIET, MAPS + "/" + name).statusCode()).isEqualTo(200);
        assertThat(server.get(QUIET, MAPS).statusCode()).isEqualTo(200);
        assertThat(server.send(QUIET, "DELETE", MAPS + "/" + name, "").statusCode()).isEqualTo(200);
    }

    private void makeNoise(TestServer server, HttpClient client, int number) {
        String large = "{\"metadata\":{\"name\":\"l\"},\"data\":{\"a\":\"" + LARGE + "\"}}";
        HttpRequest request =
                switch (number % 3) {
                    case 0 -> server.request(NOISY, MAPS).build();
                    case 1 ->
                            server.request(NOISY, MAPS)
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(large))
                                    .build();
                    default -> server.request(NOISY, MAPS + "?watch=true&timeoutSeconds=5").build();
                };
        try {
            while (!over.get()) {
                // What comes is not read.
                int status = client.send(request, BodyHandlers.ofInputStream()).statusCode();
                answers.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            if (!over.get()) {
                cutOff.add(request.method() + " " + request.uri().getQuery() + ": " + e);
            }
        }
    }

    private static int create(TestServer server, String token, String name, String text) {
        return server.send(
                        token,
                        "POST",
                        MAPS,
                        "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"a\":\"%s\"}}"
                                .formatted(name, text))
                .statusCode();
    }

    private void await429() throws InterruptedException {
        for (int i = 0; i < 6_000 && !answers.containsKey(429); i++) {
            Thread.sleep(10);
        }
        assertThat(answers).containsKey(429);
    }
}
