package io.hypernetes.server.admission;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import java.util.Optional;

/** The operator's Tenant objects, for admission that holds a tenant to what its object says. */
final class TenantObjects {
    private final WorldObjects tenants;

    TenantObjects(Reads reads) {
        this.tenants = new WorldObjects(reads, "hypernetes.io", "tenants");
    }

    /** What the tenant's world is held to; without an object, nothing. */
    TenantSecurity security(Tenant tenant) {
        return of(tenant)
                .map(object -> TenantSecurity.of(object.tree()))
                .orElse(TenantSecurity.OPEN);
    }

    Optional<Served> of(Tenant tenant) {
        return tenants.find(Tenant.SYSTEM, "", tenant.name());
    }
}
