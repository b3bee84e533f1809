package io.hypernetes.api.access;

import io.hypernetes.api.Tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes the signed, short-lived bearer tokens that the server hands out. */
public interface TokenIssuer {

    /** A bearer token; its text is a secret. */
    record Token(String value, Instant expires) {
        @Override
        public String toString() {
            return "Token[withheld, expires=" + expires + "]";
        }
    }

    /**
     * How others can check the tokens of service accounts: what {@code
     * /.well-known/openid-configuration} and {@code /openid/v1/jwks} tell (KEP-1393).
     *
     * @param issuer as in the tokens
     * @param keys a JWK set (RFC 7517), public keys only
     * @param algorithm the only one that is signed with
     */
    record Discovery(String issuer, String keys, String algorithm) {}

    /** Empty where nobody else can check them. */
    default Optional<Discovery> discovery() {
        return Optional.empty();
    }

    /** What {@code login} gives a user who has just proved a password: good for one tenant. */
    Token forUser(Tenant tenant, UserInfo user);

    /**
     * An object that a token does not outlive.
     *
     * @param kind {@code Pod}, {@code Secret} or {@code Node}
     * @param holdsToken whether the token is written into that object, a Secret, and is good for as
     *     long as it is there
     */
    record Bound(String kind, String name, String uid, boolean holdsToken) {
        public Bound(String kind, String name, String uid) {
            this(kind, name, uid, false);
        }
    }

    /** A token that is bound to nothing but its account. */
    default Token forServiceAccount(
            Tenant tenant,
            String namespace,
            String name,
            String uid,
            List<String> audiences,
            Duration lifetime) {
        return forServiceAccount(
                tenant, namespace, name, uid, audiences, Optional.empty(), lifetime);
    }

    /**
     * What {@code serviceaccounts/token} gives (KEP-1205).
     *
     * @param uid of the ServiceAccount object: a re-created account's old tokens are worthless
     * @param audiences empty for the API server itself
     */
    Token forServiceAccount(
            Tenant tenant,
            String namespace,
            String name,
            String uid,
            List<String> audiences,
            Optional<Bound> bound,
            Duration lifetime);
}
