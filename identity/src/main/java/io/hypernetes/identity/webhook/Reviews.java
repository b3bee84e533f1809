package io.hypernetes.identity.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.remote.BoundedHttp;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.http.HttpRequest;
import java.time.Duration;

/** Asks a webhook by a review object; what is of interest in the answer is its status. */
final class Reviews implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WebhookFile webhook;
    private final BoundedHttp http;

    Reviews(String name, WebhookFile webhook) {
        this.webhook = webhook;
        this.http =
                new BoundedHttp(
                        name, Trust.context(webhook.authorities(), webhook.client()), PATIENCE);
    }

    /** Throws {@link UnreachableException} for anything but a review with a status. */
    ObjectNode status(ObjectNode review) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(webhook.server())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeSecret(review)));
        webhook.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        BoundedHttp.Answer answer = http.send(request.build());
        if (answer.status() != 200 && answer.status() != 201) {
            throw new UnreachableException("the webhook answers " + answer.status());
        }
        try {
            JsonNode answered = Json.parse(answer.body());
            boolean same =
                    answered.path("kind").asString("").equals(review.path("kind").asString(""));
            if (same && answered.path("status") instanceof ObjectNode status) {
                return status;
            }
        } catch (ApiException e) {
            throw new UnreachableException("the webhook's answer is no JSON", e);
        }
        throw new UnreachableException("the webhook's answer is no review");
    }

    @Override
    public void close() {
        http.close();
    }
}
