package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.store.Compare;

import java.util.List;

/** The operator's own tenant cannot be deleted, by nobody. */
final class SystemTenantGuard implements AdmissionController {
    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.deletes(BuiltinTypes.TENANTS) && request.name().equals(Tenant.SYSTEM.name())) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "this is the operator's own tenant and may not be deleted");
        }
        return List.of();
    }
}
