package io.hypernetes.scheduler;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Writes down what was decided: the binding, or the condition and the event that tell why not. */
final class Outcomes {

    private static final String CONDITION = "PodScheduled";

    private final Client client;
    private final EventRecorder events;
    private final Clock clock;

    Outcomes(Client client, Clock clock) {
        this.client = client;
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "default-scheduler", clock);
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

    /** The given tree carries its resourceVersion, so a pod that has moved on is left alone. */
    void refuse(ObjectKey key, ObjectNode seen, String message) {
        events.record(key.tenant(), seen, Type.WARNING, "FailedScheduling", message);
        ObjectNode pod = seen.deepCopy();
        ArrayNode conditions = pod.withObject("status").withArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            JsonNode condition = conditions.get(i);
            if (condition.path("type").asString("").equals(CONDITION)) {
                if (condition.path("message").asString("").equals(message)) {
                    return;
                }
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", CONDITION)
                .put("status", "False")
                .put("reason", "Unschedulable")
                .put("message", message)
                .put(
                        "lastTransitionTime",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!Metadata.resourceVersion(pod).isEmpty()) {
            client.updateStatus(BuiltinTypes.PODS, key.tenant(), pod);
        }
    }
}
