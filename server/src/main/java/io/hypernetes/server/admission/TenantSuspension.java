package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.WriteCall;
import io.hypernetes.store.Compare;

import java.util.List;

/**
 * The world of a suspended tenant can only be read, and nobody gets into its pods. The operator and
 * the program's own components may still change it.
 */
final class TenantSuspension implements AdmissionController {
    private final TenantObjects tenants;

    TenantSuspension(Reads reads) {
        this.tenants = new TenantObjects(reads);
    }

    /** Before anything else looks at the request: no webhook hears of what cannot be. */
    @Override
    public void mutate(AdmissionRequest request) {
        requireActive(request);
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        requireActive(request);
        return List.of();
    }

    private void requireActive(AdmissionRequest request) {
        WriteCall call = request.call();
        if (call.internal() || call.operator() || !isSuspended(call.tenant())) {
            return;
        }
        throw ApiException.forbidden(
                request.type().id(),
                request.name(),
                "tenant \""
                        + call.tenant().name()
                        + "\" is suspended: its objects can be read, not changed, and its pods are"
                        + " stopped, until the operator resumes it");
    }

    private boolean isSuspended(Tenant tenant) {
        return tenants.of(tenant)
                .map(object -> object.tree().path("spec").path("suspended").asBoolean(false))
                .orElse(false);
    }
}
