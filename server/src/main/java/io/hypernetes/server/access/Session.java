package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;

import java.util.List;
import java.util.Optional;

/**
 * Who asks, and in whose world.
 *
 * @param world empty: all tenants at once, for an operator
 * @param impersonator who really asks, where somebody acts as somebody else
 * @param check asks again whether they may: throws Unauthorized or Forbidden when they no longer do
 */
public record Session(
        Identity identity,
        Optional<Tenant> world,
        Optional<UserInfo> impersonator,
        Runnable check) {

    public Session(Identity identity, Optional<Tenant> world, Optional<UserInfo> impersonator) {
        this(identity, world, impersonator, () -> {});
    }

    public Session(Identity identity, Optional<Tenant> world) {
        this(identity, world, Optional.empty());
    }

    Session checkedBy(Runnable check) {
        return new Session(identity, world, impersonator, check);
    }

    /** What metrics tell of whose a request is. */
    public static final List<String> TENANT_CLASSES = List.of("system", "tenant", "all");

    /** {@code system}, {@code tenant}, or {@code all} for an operator's look over all of them. */
    public String tenantClass() {
        return tenantClass(world.map(Tenant::name).orElse(""));
    }

    /**
     * @param tenant empty: all of them
     */
    static String tenantClass(String tenant) {
        if (tenant.isEmpty()) {
            return "all";
        }
        return tenant.equals(Tenant.SYSTEM.name()) ? "system" : "tenant";
    }

    public UserInfo user() {
        return identity.user();
    }

    public boolean isAnonymous() {
        return user().name().equals(UserInfo.ANONYMOUS);
    }

    /** The one tenant. Throws BadRequest when the request is about all of them. */
    public Tenant tenant() {
        return world.orElseThrow(() ->
                ApiException.badRequest(
                        "over all tenants there is only get, list and watch of"
                                + " collections: name a tenant (/tenants/NAME/…)"));
    }

    /** Whether types that exist once for the whole installation are served here. */
    public boolean isSystemWorld() {
        return world.isEmpty() || world.get().isSystem();
    }
}
