package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** A claim grows only when it is bound and its storage class allows it. */
final class ClaimResize implements AdmissionController {
    private final Reads reads;

    ClaimResize(Reads reads) {
        this.reads = reads;
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.operation() != Operation.UPDATE
                || !request.isFor(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)
                || !request.subresource().isEmpty()
                || request.old().isEmpty()) {
            return List.of();
        }
        ObjectNode old = request.old().get();
        if (size(request.object()).compareTo(size(old)) <= 0) {
            return List.of();
        }
        if (!old.path("status").path("phase").asString("").equals("Bound")) {
            throw forbidden(request, "Only bound persistent volume claims can be expanded");
        }
        Optional<Served> storageClass =
                Optional.of(old.path("spec").path("storageClassName").asString(""))
                        .filter(name -> !name.isEmpty())
                        .flatMap(name ->
                                reads.find(
                                        BuiltinTypes.STORAGE_CLASSES,
                                        request.call().tenant(),
                                        "",
                                        name));
        if (storageClass
                .filter(c -> c.tree().path("allowVolumeExpansion").asBoolean(false))
                .isEmpty()) {
            throw forbidden(
                    request,
                    "only dynamically provisioned pvc can be resized and the storageclass that"
                            + " provisions the pvc must support resize");
        }
        return List.of();
    }

    private static Quantity size(ObjectNode claim) {
        return ResourceList.of(claim.path("spec").path("resources").path("requests"))
                .get("storage")
                .orElse(Quantity.ZERO);
    }

    private static ApiException forbidden(AdmissionRequest request, String detail) {
        return ApiException.forbidden(request.type().id(), request.name(), detail);
    }
}
