package io.hypernetes.server.review;

import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How others check service account tokens (KEP-1393): the issuer's OpenID configuration and its
 * public keys. All worlds have one issuer; the tenant is a claim of the token.
 */
public final class IssuerRouter implements Router {
    private static final String CONFIGURATION = "/.well-known/openid-configuration";
    private static final String KEYS = "/openid/v1/jwks";
    private static final String CACHED = "public, max-age=3600";

    private final TokenIssuer tokens;

    public IssuerRouter(TokenIssuer tokens) {
        this.tokens = tokens;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        String path = info.path().replaceFirst("/$", "");
        if (info.isResource() || !(path.equals(CONFIGURATION) || path.equals(KEYS))) {
            return false;
        }
        if (!exchange.method().equals("GET")) {
            throw ResourceHandler.methodNotAllowed();
        }
        Optional<TokenIssuer.Discovery> keys = tokens.discovery();
        if (keys.isEmpty()) {
            throw ResourceHandler.notServed();
        }
        Reply reply =
                path.equals(KEYS)
                        ? Reply.of(
                                200,
                                "application/jwk-set+json",
                                keys.get().keys().getBytes(StandardCharsets.UTF_8))
                        : Reply.of(
                                200,
                                "application/json",
                                Json.write(configuration(exchange, keys.get())));
        exchange.reply(reply.with("Cache-Control", CACHED));
        return true;
    }

    private static ObjectNode configuration(Exchange exchange, TokenIssuer.Discovery keys) {
        // Whoever asks here finds the keys here too, whatever address the server has elsewhere.
        String here = exchange.header("Host").map(host -> "https://" + host).orElse(keys.issuer());
        ObjectNode configuration = Json.object();
        configuration.put("issuer", keys.issuer()).put("jwks_uri", here + KEYS);
        configuration.putArray("response_types_supported").add("id_token");
        configuration.putArray("subject_types_supported").add("public");
        configuration.putArray("id_token_signing_alg_values_supported").add(keys.algorithm());
        return configuration;
    }
}
