package io.hypernetes.identity.token;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer.Bound;

import java.time.Instant;
import java.util.Optional;

/** Who a verified token says its bearer is. */
sealed interface Subject {

    Tenant tenant();

    Instant expires();

    String tokenId();

    /**
     * @param uid of the User object
     */
    record User(Tenant tenant, String username, String uid, Instant expires, String tokenId)
            implements Subject {}

    /**
     * @param uid of the ServiceAccount object
     * @param bound the object that the token does not outlive
     */
    record ServiceAccount(
            Tenant tenant,
            String namespace,
            String name,
            String uid,
            Optional<Bound> bound,
            Instant expires,
            String tokenId)
            implements Subject {}
}
