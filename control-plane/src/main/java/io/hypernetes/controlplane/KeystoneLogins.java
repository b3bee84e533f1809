package io.hypernetes.controlplane;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.UserInfo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where people are Keystone's, so are their tokens: of ours none could be taken back there. */
record KeystoneLogins(TokenIssuer accounts) implements TokenIssuer {

    @Override
    public Token forUser(Tenant tenant, UserInfo user) {
        throw ApiException.of(
                Reason.FORBIDDEN,
                "the users of this installation are Keystone's: get a token there, for instance"
                        + " with 'hypernetes login --keystone-url URL' or 'hypernetes credential'");
    }

    @Override
    public Optional<Discovery> discovery() {
        return accounts.discovery();
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
        return accounts.forServiceAccount(tenant, namespace, name, uid, audiences, bound, lifetime);
    }
}
