package io.hypernetes.httpclient;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.UserInfo;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tokens of service accounts by the subresource {@code token}, as kubelets get them (KEP-1205). */
public final class RemoteTokens implements TokenIssuer {

    /** Longer than any that is given for a wish. */
    private static final Duration LONG = Duration.ofHours(48);

    /** What stands for no wish: the token lives as long as its pod. */
    private static final long UNASKED = 3607;

    private final RemoteClient client;

    public RemoteTokens(RemoteClient client) {
        this.client = client;
    }

    @Override
    public Token forUser(Tenant tenant, UserInfo user) {
        throw ApiException.of(Reason.FORBIDDEN, "a node makes no tokens of users");
    }

    @Override
    public Token forServiceAccount(
            Tenant tenant,
            String namespace,
            String name,
            String uid,
            List<String> audiences,
            Optional<Bound> bound,
            Duration lifetime) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode spec = request.putObject("spec");
        spec.put(
                "expirationSeconds", lifetime.compareTo(LONG) > 0 ? UNASKED : lifetime.toSeconds());
        audiences.forEach(spec.putArray("audiences")::add);
        bound.ifPresent(object ->
                spec.putObject("boundObjectRef")
                        .put("apiVersion", "v1")
                        .put("kind", object.kind())
                        .put("name", object.name())
                        .put("uid", object.uid()));
        ObjectNode answer =
                client.send(
                        "POST",
                        "/tenants/%s/api/v1/namespaces/%s/serviceaccounts/%s/token"
                                .formatted(tenant.name(), namespace, name),
                        Optional.of(request),
                        "application/json");
        return new Token(
                answer.path("status").path("token").asString(""),
                Instant.parse(answer.path("status").path("expirationTimestamp").asString("")));
    }
}
