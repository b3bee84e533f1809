package io.hypernetes.server.admission;

import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * A pod that says nothing stays five minutes on a node that does not answer any more. Also after a
 * change: a client may replace the list without knowing of what was added.
 */
final class DefaultTolerations implements AdmissionController {
    private static final int SECONDS = 300;

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.writes()
                || !request.isFor(BuiltinTypes.PODS)
                || !request.subresource().isEmpty()
                || !(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        for (String taint :
                List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            if (!tolerates(spec.path("tolerations"), taint)) {
                spec.withArray("tolerations")
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", SECONDS);
            }
        }
    }

    private static boolean tolerates(JsonNode tolerations, String taint) {
        for (JsonNode toleration : tolerations) {
            String key = toleration.path("key").asString("");
            String effect = toleration.path("effect").asString("");
            if ((key.isEmpty() || key.equals(taint))
                    && (effect.isEmpty() || effect.equals("NoExecute"))) {
                return true;
            }
        }
        return false;
    }
}
