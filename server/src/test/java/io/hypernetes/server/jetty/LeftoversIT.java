package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.TestListeners;
import io.hypernetes.server.http.Reply;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** An answer that comes before the body was read reaches a client that sends all of it first. */
class LeftoversIT {
    private static final String LARGE = "x".repeat(2 << 20);

    @ParameterizedTest
    @EnumSource
    void aRefusalIsReadByWhoIsStillSending(HttpClient.Version version) throws Exception {
        try (JettyListener listener =
                        TestListeners.start(
                                exchange -> exchange.reply(Reply.text(429, "not now")));
                HttpClient client =
                        HttpClient.newBuilder()
                                .version(version)
                                .sslContext(TestListeners.trusting())
                                .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create("https://127.0.0.1:" + listener.port() + "/api"))
                            .timeout(Duration.ofMinutes(1))
                            .POST(BodyPublishers.ofString(LARGE))
                            .build();
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.body()).isEqualTo("not now");
            }
        }
    }
}
