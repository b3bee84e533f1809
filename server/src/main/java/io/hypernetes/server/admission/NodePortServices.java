package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Services of the type NodePort are refused where the tenant's object does not allow them. */
final class NodePortServices implements AdmissionController {
    private final TenantObjects tenants;

    NodePortServices(Reads reads) {
        this.tenants = new TenantObjects(reads);
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.writes()
                && request.isFor(BuiltinTypes.SERVICES)
                && request.subresource().isEmpty()
                && isNodePort(request.object())
                && request.old().filter(NodePortServices::isNodePort).isEmpty()
                && !tenants.security(request.call().tenant()).nodePorts()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "tenant \""
                            + request.call().tenant().name()
                            + "\" may not have services of the type NodePort; use ClusterIP or"
                            + " LoadBalancer, or ask the operator for spec.security.nodePorts");
        }
        return List.of();
    }

    private static boolean isNodePort(ObjectNode service) {
        return service.path("spec").path("type").asString("").equals("NodePort");
    }
}
