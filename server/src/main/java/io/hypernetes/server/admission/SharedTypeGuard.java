package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.store.Compare;

import java.util.List;

/** Storage classes are the operator's: every world sees them, and has none of its own. */
final class SharedTypeGuard implements AdmissionController {
    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.isFor(BuiltinTypes.STORAGE_CLASSES) && !request.call().tenant().isSystem()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "storage classes belong to the operator and are shared with every tenant: they"
                            + " can be read and used, but only the operator can change them");
        }
        return List.of();
    }
}
