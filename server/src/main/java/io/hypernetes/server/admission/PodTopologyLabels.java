package io.hypernetes.server.admission;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * Tells a pod in which zone and region it runs, by the labels of its node (KEP-4742), so that the
 * downward API can tell its containers. A label that the pod has stays as it is.
 */
final class PodTopologyLabels implements AdmissionController {
    private static final List<String> LABELS =
            List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

    private final Reads reads;

    PodTopologyLabels(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean binding =
                request.isFor(BuiltinTypes.PODS) && request.subresource().equals("binding");
        if (!binding && !request.creates(BuiltinTypes.PODS)) {
            return;
        }
        ObjectNode pod = request.object();
        String name = pod.path("spec").path("nodeName").asString("");
        if (name.isEmpty()) {
            return;
        }
        node(request.call().tenant(), name)
                .ifPresent(node -> copy(node.tree().path("metadata").path("labels"), pod));
    }

    /** Machines are the operator's, unless the tenant brought nodes of its own. */
    private Optional<Served> node(Tenant tenant, String name) {
        return reads.find(BuiltinTypes.NODES, tenant, "", name)
                .or(() -> reads.find(BuiltinTypes.NODES, Tenant.SYSTEM, "", name));
    }

    private static void copy(JsonNode labels, ObjectNode pod) {
        for (String key : LABELS) {
            String value = labels.path(key).asString("");
            if (!value.isEmpty() && !Metadata.labels(pod).containsKey(key)) {
                Metadata.ensureLabels(pod).put(key, value);
            }
        }
    }
}
