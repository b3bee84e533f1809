package io.hypernetes.controllers.node;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Conditions of nodes and pods, and the end of pods with the condition that tells why. */
record PodConditions(Client client, Clock clock) {

    /** Whether that changed the condition; one of the same status keeps its time. */
    boolean set(ObjectNode object, String type, String status, String reason, String message) {
        ArrayNode conditions = object.withObject("status").withArray("conditions");
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i) instanceof ObjectNode condition
                    && condition.path("type").asString("").equals(type)) {
                boolean turned = !condition.path("status").asString("").equals(status);
                if (!turned && condition.path("reason").asString("").equals(reason)) {
                    return false;
                }
                condition.put("status", status).put("reason", reason).put("message", message);
                if (turned) {
                    condition.put("lastTransitionTime", now);
                }
                return true;
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", now);
        return true;
    }

    static String status(ObjectNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path("status").asString("");
            }
        }
        return "";
    }

    /**
     * Deletes this incarnation of a pod and says in {@code DisruptionTarget} for what (KEP-3329).
     *
     * @param reason empty for no such condition
     * @param failed whether its phase is set, because nobody is left to do it
     */
    void end(
            ObjectKey key,
            ObjectNode seen,
            String reason,
            String message,
            boolean failed,
            DeleteOptions options) {
        try {
            ObjectNode pod = client.get(BuiltinTypes.PODS, key);
            if (!Metadata.uid(pod).equals(Metadata.uid(seen))) {
                return;
            }
            pod = pod.deepCopy();
            boolean ended = hasEnded(pod);
            boolean changed =
                    !ended
                            && !reason.isEmpty()
                            && set(pod, "DisruptionTarget", "True", reason, message);
            if (failed && !ended) {
                pod.withObject("status").put("phase", "Failed");
                changed = true;
            }
            if (changed) {
                client.updateStatus(BuiltinTypes.PODS, key.tenant(), pod);
            }
            client.delete(BuiltinTypes.PODS, key, options.onlyUid(Metadata.uid(seen)));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    static boolean hasEnded(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static String node(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }
}
