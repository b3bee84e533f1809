package io.hypernetes.server;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.UserInfo;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Users whose token says all: {@code NAME:TENANT,TENANT…}; the operator's is {@code operator}. Who
 * is authenticated may do everything but what {@code nobody} asks for.
 */
final class TestUsers implements Authenticator, Authorizer, TokenIssuer {
    static final String OPERATOR = "operator";

    private final Set<String> revoked = ConcurrentHashMap.newKeySet();

    /** From now on the token is nobody's. */
    void revoke(String token) {
        revoked.add(token);
    }

    @Override
    public Optional<Discovery> discovery() {
        return Optional.of(new Discovery("https://issuer", "{\"keys\":[]}", "ES256"));
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        String header = credentials.authorization().orElse("");
        if (header.startsWith("Bearer ") && revoked.contains(header.substring(7))) {
            throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
        }
        if (header.startsWith("Basic ")) {
            String pair =
                    new String(
                            Base64.getDecoder().decode(header.substring(6)),
                            java.nio.charset.StandardCharsets.UTF_8);
            return Optional.of(identity(pair.substring(0, pair.lastIndexOf(':'))));
        }
        return header.startsWith("Bearer ")
                ? Optional.of(identity(header.substring(7)))
                : Optional.empty();
    }

    private static List<String> groups(String token) {
        return token.startsWith("system:node:")
                ? List.of("system:nodes", UserInfo.AUTHENTICATED)
                : List.of(UserInfo.AUTHENTICATED);
    }

    private static Identity identity(String token) {
        if (token.equals(OPERATOR)) {
            return new Identity(
                    new UserInfo(
                            OPERATOR,
                            "",
                            List.of(UserInfo.MASTERS, UserInfo.AUTHENTICATED),
                            Map.of()),
                    Optional.of(Tenant.SYSTEM),
                    Set.of(Tenant.SYSTEM),
                    true);
        }
        int colon = token.lastIndexOf(':');
        if (colon < 0) {
            throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
        }
        Set<Tenant> tenants =
                new TreeSet<>(
                        Arrays.stream(token.substring(colon + 1).split(",", -1))
                                .filter(t -> !t.isEmpty())
                                .map(Tenant::new)
                                .collect(Collectors.toSet()));
        return new Identity(
                new UserInfo(token.substring(0, colon), "", groups(token), Map.of()),
                tenants.size() == 1 ? Optional.of(tenants.iterator().next()) : Optional.empty(),
                new HashSet<>(tenants),
                false);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        boolean open =
                Set.of("/healthz", "/livez", "/readyz", "/version").contains(attributes.path());
        boolean known = attributes.user().in(UserInfo.AUTHENTICATED);
        return open || (known && !attributes.user().name().equals("nobody"))
                ? new Decision.Allow("test")
                : new Decision.NoOpinion("");
    }

    @Override
    public Token forUser(Tenant tenant, UserInfo user) {
        return token(user.name() + ":" + tenant.name());
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
        return token("system:serviceaccount:" + namespace + ":" + name + ":" + tenant.name());
    }

    private static Token token(String value) {
        return new Token(value, Instant.now().plusSeconds(60));
    }
}
