package io.hypernetes.server.admission;

import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.store.Compare;

import java.util.List;

/** Nobody grants by a role or binding what they do not have themselves. */
final class GrantGuard implements AdmissionController {
    private static final String RBAC = "rbac.authorization.k8s.io";

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.type().id().group().equals(RBAC) && request.operation() != Operation.DELETE) {
            request.call()
                    .guard()
                    .check(
                            request.call().user(),
                            request.call().tenant(),
                            request.type(),
                            request.object(),
                            request.old());
        }
        return List.of();
    }
}
