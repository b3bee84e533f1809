package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.access.FlowLimits;
import io.hypernetes.server.http.HttpLimits;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final int CALLERS = 24;
    private static final int ROUNDS = 15;
    private static final String LARGE = "x".repeat(2 << 20);

    private static final ServerLimits LIMITS =
            new ServerLimits(
                    new HttpLimits(
                            3 << 20,
                            Duration.ofSeconds(60),
                            32 << 10,
                            Duration.ofMinutes(5),
                            1000,
                            1000,
                            100),
                    new FlowLimits(64, 4, 4, Duration.ofSeconds(1), 64L << 20, 8L << 20, 2, 10));

    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void theQuietTenantIsServedAllTheSame() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (TestServer server = new TestServer(LIMITS);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                create(server, NOISY, "noise-" + i, "x".repeat(4096));
            }
            // Half of what an address may have; they never say anything.
            for (int i = 0; i < 50; i++) {
                silent.add(
                        new Socket(
                                InetAddress.getLoopbackAddress(),
                                URI.create(server.url()).getPort()));
            }
            for (int i = 0; i < CALLERS; i++) {
                int number = i;
                callers.execute(() -> makeNoise(server, number));
            }
            await429();
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(create(server, QUIET, "quiet-" + i, "a")).isEqualTo(201);
                assertThat(server.get(QUIET, MAPS + "/quiet-" + i).statusCode()).isEqualTo(200);
                assertThat(server.get(QUIET, MAPS).statusCode()).isEqualTo(200);
                assertThat(server.send(QUIET, "DELETE", MAPS + "/quiet-" + i, "").statusCode())
                        .isEqualTo(200);
            }
            over.set(true);
            server.http().shutdownNow();
        } finally {
            over.set(true);
            for (Socket socket : silent) {
                socket.close();
            }
        }
        assertThat(answers.keySet())
                .as("the noisy one is slowed down, not shut out")
                .contains(200, 429)
                .isSubsetOf(200, 413, 422, 429);
    }

    private void makeNoise(TestServer server, int number) {
        try {
            while (!over.get()) {
                int status =
                        switch (number % 3) {
                            case 0 -> server.get(NOISY, MAPS).statusCode();
                            case 1 -> create(server, NOISY, "large", LARGE);
                            default -> watchWithoutReading(server);
                        };
                answers.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
            }
        } catch (java.io.UncheckedIOException e) {
            // The end of the test.
            assertThat(over).isTrue();
        }
    }

    private static int watchWithoutReading(TestServer server) {
        try {
            HttpResponse<java.io.InputStream> answer =
                    server.http()
                            .send(
                                    server.request(NOISY, MAPS + "?watch=true&timeoutSeconds=5")
                                            .build(),
                                    BodyHandlers.ofInputStream());
            return answer.statusCode();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
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
