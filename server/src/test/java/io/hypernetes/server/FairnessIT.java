package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;

/** A tenant with too much under way is told to come back; the others notice nothing. */
class FairnessIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    /** Each may bring 3 MiB, since it does not say how much: more than a tenant may have. */
    private static final int REQUESTS = 100;

    @Test
    void bodiesUnderWayAreBoundedPerTenant() throws IOException {
        try (TestServer server = new TestServer();
                SubmissionPublisher<ByteBuffer> bodies = new SubmissionPublisher<>()) {
            List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                open.add(
                        server.http()
                                .sendAsync(
                                        server.request(TestServer.ALICE, MAPS)
                                                .header("Content-Type", "application/json")
                                                .POST(BodyPublishers.fromPublisher(bodies))
                                                .build(),
                                        BodyHandlers.ofString()));
            }
            awaitRefusal(server);
            assertThat(server.get(TestServer.ALICE, MAPS).statusCode()).isEqualTo(200);
            assertThat(server.get(TestServer.BOB, MAPS).statusCode()).isEqualTo(200);

            bodies.submit(ByteBuffer.wrap("{".getBytes(StandardCharsets.US_ASCII)));
            bodies.close();
            List<HttpResponse<String>> answers =
                    open.stream().map(CompletableFuture::join).toList();
            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .hasSize(REQUESTS)
                    .contains(400, 429)
                    .containsOnly(400, 429);
            assertThat(answers)
                    .filteredOn(answer -> answer.statusCode() == 429)
                    .allSatisfy(answer -> {
                        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                        assertThat(answer.body()).contains("\"reason\":\"TooManyRequests\"");
                    });
            assertThat(server.get(TestServer.ALICE, MAPS).statusCode()).isEqualTo(200);
        }
    }

    private static void awaitRefusal(TestServer server) {
        String metrics = "";
        for (int i = 0; i < 10_000 && !metrics.contains("reason=\"body-bytes\""); i++) {
            metrics = server.get(TestUsers.OPERATOR, "/metrics").body();
        }
        assertThat(metrics).contains("reason=\"body-bytes\"");
    }
}
