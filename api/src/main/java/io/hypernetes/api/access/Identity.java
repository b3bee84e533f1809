package io.hypernetes.api.access;

import io.hypernetes.api.Tenant;

import java.util.Optional;
import java.util.Set;

/**
 * What a request's credentials say.
 *
 * @param home the tenant these credentials are for when the path names none: a token's tenant, the
 *     user's default or only one; empty when the user must choose
 * @param tenants every tenant these credentials may act in (a token: exactly its own)
 * @param operator whether these credentials may name any tenant, and all of them at once; only
 *     members of {@code system:masters} in the system tenant
 */
public record Identity(
        UserInfo user, Optional<Tenant> home, Set<Tenant> tenants, boolean operator) {

    private static final String NODE_USER = "system:node:";

    /** The group of machines. */
    public static final String NODES = "system:nodes";

    /**
     * Whether these are a machine's: it runs pods of all tenants, so it acts in every world, and
     * sees some kinds of objects of all at once.
     */
    public boolean isNode() {
        return tenants.equals(Set.of(Tenant.SYSTEM))
                && user.name().startsWith(NODE_USER)
                && user.in(NODES);
    }
}
