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

/** A tenant with too many requests under way is told to come back; the others notice nothing. */
class FairnessIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    /** More than one tenant has seats. */
    private static final int REQUESTS = 250;

    @Test
    void aTenantFillsItsOwnSeatsOnly() throws IOException {
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
            HttpResponse<String> refused = server.get(TestServer.ALICE, MAPS);
            // The requests take their seats one after the other.
            for (int i = 0; i < 10_000 && refused.statusCode() != 429; i++) {
                refused = server.get(TestServer.ALICE, MAPS);
            }
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("\"reason\":\"TooManyRequests\"");
            assertThat(server.get(TestServer.BOB, MAPS).statusCode()).isEqualTo(200);

            bodies.submit(ByteBuffer.wrap("{".getBytes(StandardCharsets.US_ASCII)));
            bodies.close();
            assertThat(open.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                    .hasSize(REQUESTS)
                    .containsOnly(400, 429);
            assertThat(server.get(TestServer.ALICE, MAPS).statusCode()).isEqualTo(200);
        }
    }
}
