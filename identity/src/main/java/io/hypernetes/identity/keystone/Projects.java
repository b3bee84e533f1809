package io.hypernetes.identity.keystone;

import io.hypernetes.api.Tenant;

import java.util.Optional;

/** Which tenant a project is. */
interface Projects extends AutoCloseable {

    void start();

    void awaitSynced() throws InterruptedException;

    /** The tenant that this project is. */
    Optional<Tenant> tenant(KeystoneToken.Project project);

    /** The tenant that the tokens of this domain act in. */
    Optional<Tenant> tenant(Named.Domain domain);

    /** What to ask of Keystone for somebody who wants to act in this tenant. */
    Scope scope(Tenant tenant);

    @Override
    void close();

    /** For those who want to know who somebody is and have no tenants. */
    Projects NONE =
            new Projects() {
                @Override
                public void start() {}

                @Override
                public void awaitSynced() {}

                @Override
                public Optional<Tenant> tenant(KeystoneToken.Project project) {
                    return Optional.empty();
                }

                @Override
                public Optional<Tenant> tenant(Named.Domain domain) {
                    return Optional.empty();
                }

                @Override
                public Scope scope(Tenant tenant) {
                    return new Scope.ByDefault();
                }

                @Override
                public void close() {}
            };
}
