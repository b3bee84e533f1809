package io.hypernetes.server.admission;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;

/**
 * Writes into a new Tenant how secure its world is where nobody said so: it can be read there, and
 * stays when the installation's own default changes.
 */
final class TenantDefaults implements AdmissionController {
    private final TenantSecurity security;

    TenantDefaults(TenantSecurity security) {
        this.security = security;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.creates(BuiltinTypes.TENANTS)
                && !security.equals(TenantSecurity.OPEN)
                && !request.name().equals(Tenant.SYSTEM.name())) {
            security.fillIn(request.object());
        }
    }
}
