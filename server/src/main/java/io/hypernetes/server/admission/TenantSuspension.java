package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.WriteCall;
import io.hypernetes.store.Compare;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * The world of a suspended tenant, and of one that is being deleted, can only be read, and nobody
 * gets into its pods. The operator and the program's own components may still change it.
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
        if (call.internal() || call.operator()) {
            return;
        }
        ObjectNode tenant = tenants.of(call.tenant()).map(Served::tree).orElseGet(Json::object);
        if (Metadata.isBeingDeleted(tenant)) {
            throw refused(request, "is being deleted: nothing in it can be changed any more");
        }
        if (tenant.path("spec").path("suspended").asBoolean(false)) {
            throw refused(
                    request,
                    "is suspended: its objects can be read, not changed, and its pods are stopped,"
                            + " until the operator resumes it");
        }
    }

    private static ApiException refused(AdmissionRequest request, String why) {
        return ApiException.forbidden(
                request.type().id(),
                request.name(),
                "tenant \"" + request.call().tenant().name() + "\" " + why);
    }
}
