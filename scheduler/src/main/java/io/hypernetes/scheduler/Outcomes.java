package io.hypernetes.scheduler;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.scheduler.cluster.PodView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Writes down what was decided: the binding, or the condition and the event that tell why not, or
 * that others have to go.
 */
final class Outcomes {

    private static final String US = "default-scheduler";

    private final Client client;
    private final EventRecorder events;
    private final Clock clock;

    Outcomes(Client client, Clock clock) {
        this.client = client;
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, US, clock);
        this.clock = clock;
    }

    /** Throws what the server says, for instance Conflict when the pod has a node already. */
    void bind(ObjectKey key, ObjectNode pod, String node) {
        ObjectNode binding = Json.object();
        binding.putObject("target").put("kind", "Node").put("name", node);
        client.patch(BuiltinTypes.PODS, key, new Patch.Merge(binding), "binding");
        String message =
                "Successfully assigned %s/%s to %s".formatted(key.namespace(), key.name(), node);
        events.record(key.tenant(), pod, Type.NORMAL, "Scheduled", message);
    }

    /**
     * The given tree carries its resourceVersion, so a pod that has moved on is left alone.
     *
     * @param nominated the node on which others go for it, empty for none
     */
    void refuse(ObjectKey key, ObjectNode seen, String message, String nominated) {
        events.record(key.tenant(), seen, Type.WARNING, "FailedScheduling", message);
        ObjectNode pod = seen.deepCopy();
        ObjectNode status = pod.withObject("status");
        boolean same = status.path("nominatedNodeName").asString("").equals(nominated);
        if (nominated.isEmpty()) {
            status.remove("nominatedNodeName");
        } else {
            status.put("nominatedNodeName", nominated);
        }
        same &= !setCondition(pod, "PodScheduled", "False", "Unschedulable", message);
        if (!same && !Metadata.resourceVersion(pod).isEmpty()) {
            client.updateStatus(BuiltinTypes.PODS, key.tenant(), pod);
        }
    }

    /** Tells the victim and its reader, and deletes it with its grace period. */
    void preempt(PodView victim, ObjectNode preemptor, String node) {
        ObjectKey key = victim.key();
        Optional<ObjectNode> found =
                client.find(BuiltinTypes.PODS, key)
                        .filter(pod -> Metadata.uid(pod).equals(victim.uid()))
                        .filter(pod -> !Metadata.isBeingDeleted(pod));
        if (found.isEmpty()) {
            return;
        }
        ObjectNode pod = found.get().deepCopy();
        setCondition(
                pod,
                "DisruptionTarget",
                "True",
                "PreemptionByScheduler",
                US + ": preempting to accommodate a higher priority pod");
        try {
            client.updateStatus(BuiltinTypes.PODS, key.tenant(), pod);
            client.delete(BuiltinTypes.PODS, key, DeleteOptions.DEFAULT.onlyUid(victim.uid()));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
        String message = "Preempted by pod %s on node %s".formatted(Metadata.uid(preemptor), node);
        events.record(key.tenant(), pod, Type.NORMAL, "Preempted", message);
    }

    /** Whether that changed anything. */
    private boolean setCondition(
            ObjectNode pod, String type, String status, String reason, String message) {
        ArrayNode conditions = pod.withObject("status").withArray("conditions");
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String since = now;
        for (int i = conditions.size() - 1; i >= 0; i--) {
            JsonNode condition = conditions.get(i);
            if (condition.path("type").asString("").equals(type)) {
                boolean turned = !condition.path("status").asString("").equals(status);
                if (!turned
                        && condition.path("reason").asString("").equals(reason)
                        && condition.path("message").asString("").equals(message)) {
                    return false;
                }
                since = turned ? now : condition.path("lastTransitionTime").asString(now);
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", since);
        return true;
    }
}
