package io.hypernetes.identity.token;

import io.hypernetes.api.Tenant;

import java.time.Instant;

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
     */
    record ServiceAccount(
            Tenant tenant,
            String namespace,
            String name,
            String uid,
            Instant expires,
            String tokenId)
            implements Subject {}
}
