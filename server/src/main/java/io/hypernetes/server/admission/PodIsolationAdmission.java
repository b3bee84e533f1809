package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.PodIsolation;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.store.Compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A tenant's pod may ask for nothing of the host, and its place is the scheduler's choice. */
final class PodIsolationAdmission implements AdmissionController {
    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.isFor(BuiltinTypes.PODS) || request.operation() == Operation.DELETE) {
            return List.of();
        }
        Tenant tenant = request.call().tenant();
        List<FieldError> errors = new ArrayList<>(PodIsolation.check(tenant, request.object()));
        if (!request.call().internal() && !request.call().operator()) {
            errors.addAll(PodIsolation.checkPlacement(tenant, request.object(), request.old()));
        }
        if (!errors.isEmpty()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "violates tenant isolation: "
                            + errors.stream()
                                    .map(FieldError::toString)
                                    .collect(Collectors.joining(", ")));
        }
        return List.of();
    }
}
