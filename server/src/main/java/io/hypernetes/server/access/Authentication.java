package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.request.Target;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the authenticators in order. Nothing but they can say who a request is from. */
public final class Authentication {
    private static final Identity ANONYMOUS =
            new Identity(
                    new UserInfo(
                            UserInfo.ANONYMOUS, "", List.of(UserInfo.UNAUTHENTICATED), Map.of()),
                    Optional.of(Tenant.SYSTEM),
                    Set.of(Tenant.SYSTEM),
                    false);

    private final List<Authenticator> authenticators;

    public Authentication(List<Authenticator> authenticators) {
        this.authenticators = List.copyOf(authenticators);
    }

    static Credentials credentials(Exchange exchange) {
        return new Credentials(
                exchange.header("Authorization"),
                exchange.certificate(),
                Target.named(exchange.path()));
    }

    /** Throws Unauthorized for credentials that are wrong or of no known kind. */
    Identity identify(Credentials credentials) {
        Optional<Identity> identity = ask(credentials);
        if (identity.isPresent()) {
            return identity.get();
        }
        if (credentials.authorization().isPresent() || credentials.certificate().isPresent()) {
            throw unauthorized();
        }
        return ANONYMOUS;
    }

    /** Who a token is of that is meant for some of these. */
    public Optional<Authenticator.Meant> review(Credentials credentials, List<String> audiences) {
        for (Authenticator authenticator : authenticators) {
            Optional<Authenticator.Meant> meant = authenticator.review(credentials, audiences);
            if (meant.isPresent()) {
                return meant;
            }
        }
        return Optional.empty();
    }

    /** Empty when no authenticator knows credentials of this kind. Throws Unauthorized. */
    public Optional<Identity> ask(Credentials credentials) {
        for (Authenticator authenticator : authenticators) {
            Optional<Identity> identity = authenticator.authenticate(credentials);
            if (identity.isPresent()) {
                return identity;
            }
        }
        return Optional.empty();
    }

    static ApiException unauthorized() {
        return ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
    }
}
