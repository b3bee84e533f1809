package io.hypernetes.server.admission;

import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ContainerLists;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Set;

/**
 * In worlds whose tenant wants it, images are pulled at each start: who may not pull one cannot run
 * it, whatever the node has of it. Upstream's plug-in of this name does so for a whole cluster.
 */
final class AlwaysPullImages implements AdmissionController {
    private static final String POLICY = "imagePullPolicy";

    private final TenantObjects tenants;

    AlwaysPullImages(Reads reads) {
        this.tenants = new TenantObjects(reads);
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.writes() || !request.isFor(BuiltinTypes.PODS) || !isWanted(request)) {
            return;
        }
        JsonNode spec = request.object().path("spec");
        for (String list : ContainerLists.ALL) {
            Set<String> known = new HashSet<>();
            request.old()
                    .ifPresent(old ->
                            old.path("spec")
                                    .path(list)
                                    .forEach(c -> known.add(c.path("name").asString(""))));
            for (JsonNode container : spec.path(list)) {
                // The policy of a container that is there cannot be changed any more.
                if (container instanceof ObjectNode object
                        && !known.contains(object.path("name").asString(""))) {
                    object.put(POLICY, "Always");
                }
            }
        }
        if (request.operation() == Operation.CREATE) {
            for (JsonNode volume : spec.path("volumes")) {
                if (volume.path("image") instanceof ObjectNode image) {
                    image.put("pullPolicy", "Always");
                }
            }
        }
    }

    private boolean isWanted(AdmissionRequest request) {
        return tenants.security(request.call().tenant()).alwaysPull();
    }
}
