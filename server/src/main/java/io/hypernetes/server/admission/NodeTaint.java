package io.hypernetes.server.admission;

import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A new node takes no pods before it is known to be ready: upstream's TaintNodesByCondition. The
 * node taint controller takes the taint away.
 */
final class NodeTaint implements AdmissionController {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String EFFECT = "NoSchedule";

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.NODES)) {
            return;
        }
        ObjectNode spec = request.object().withObjectProperty("spec");
        for (JsonNode taint : spec.path("taints")) {
            if (taint.path("key").asString("").equals(NOT_READY)
                    && taint.path("effect").asString("").equals(EFFECT)) {
                return;
            }
        }
        spec.withArrayProperty("taints").addObject().put("key", NOT_READY).put("effect", EFFECT);
    }
}
