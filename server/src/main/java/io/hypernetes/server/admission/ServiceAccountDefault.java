package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** A pod runs under a service account: the one it names, which must exist, or {@code default}. */
final class ServiceAccountDefault implements AdmissionController {
    private static final String DEFAULT = "default";

    private final Reads reads;

    ServiceAccountDefault(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.PODS)
                || !(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        String name =
                spec.path("serviceAccountName").asString(spec.path("serviceAccount").asString(""));
        if (name.isEmpty()) {
            name = DEFAULT;
        }
        spec.put("serviceAccountName", name);
        spec.put("serviceAccount", name);
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.PODS)) {
            return List.of();
        }
        String name = request.object().path("spec").path("serviceAccountName").asString("");
        // The default account is made by a controller and may come a moment after its namespace.
        if (!name.equals(DEFAULT)
                && reads.find(
                                BuiltinTypes.SERVICE_ACCOUNTS,
                                request.call().tenant(),
                                request.namespace(),
                                name)
                        .isEmpty()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "error looking up service account "
                            + request.namespace()
                            + "/"
                            + name
                            + ": serviceaccount \""
                            + name
                            + "\" not found");
        }
        return List.of();
    }
}
