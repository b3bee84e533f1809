package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.TokenIssuer.Token;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.resource.Decoding;
import io.hypernetes.server.resource.ResourceRequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** {@code serviceaccounts/token}: bound, short-lived tokens (KEP-1205). */
final class ServiceAccountTokens {
    private static final GroupVersionKind KIND =
            new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");

    /** Seconds: what a request without a wish gets, and the bounds of wishes. */
    private static final long USUAL = 3600;

    private static final long SHORTEST = 600;
    private static final long LONGEST = 48 * 3600;

    private final Reads reads;
    private final Decoding decoding;
    private final TokenIssuer tokens;

    ServiceAccountTokens(Reads reads, Decoding decoding, TokenIssuer tokens) {
        this.decoding = decoding;
        this.reads = reads;
        this.tokens = tokens;
    }

    void handle(ResourceRequest request) throws IOException {
        ObjectNode asked = decoding.object(request.exchange());
        Served account =
                reads.get(
                        request.type(),
                        request.session().tenant(),
                        request.namespace(),
                        request.info().name());
        JsonNode wish = asked.path("spec").path("expirationSeconds");
        long seconds = wish.isIntegralNumber() ? wish.longValue() : USUAL;
        if (seconds < SHORTEST) {
            throw ApiException.invalid(
                    KIND,
                    "",
                    List.of(
                            FieldError.invalid(
                                    "spec.expirationSeconds",
                                    Long.toString(seconds),
                                    "may not specify a duration less than 10 minutes")));
        }
        List<String> audiences = new ArrayList<>();
        asked.path("spec").path("audiences").forEach(a -> audiences.add(a.asString("")));
        Token token =
                tokens.forServiceAccount(
                        account.tenant(),
                        account.path().namespace(),
                        account.path().name(),
                        account.uid(),
                        audiences,
                        Duration.ofSeconds(Math.min(seconds, LONGEST)));
        asked.put("kind", KIND.kind()).put("apiVersion", KIND.apiVersion());
        asked.putObject("status")
                .put("token", token.value())
                .put(
                        "expirationTimestamp",
                        token.expires().truncatedTo(ChronoUnit.SECONDS).toString());
        request.reply(request.answers().tree(201, asked));
    }
}
