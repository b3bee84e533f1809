package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The status of a ReplicaSet or ReplicationController, counted from its pods. */
record ReplicaStatus(int replicas, int fullyLabeled, int ready, int available, int terminating) {

    private static final String FAILURE = "ReplicaFailure";

    /**
     * @param claimed the pods that the owner controls, whatever their state
     */
    static ReplicaStatus count(ReplicaSpec spec, List<ObjectNode> claimed, Instant now) {
        Map<String, String> wanted = Metadata.labels(Json.object().set("metadata", metadata(spec)));
        int replicas = 0;
        int labeled = 0;
        int ready = 0;
        int available = 0;
        int terminating = 0;
        for (ObjectNode pod : claimed) {
            if (PodState.isActive(pod)) {
                replicas++;
                labeled += Metadata.labels(pod).entrySet().containsAll(wanted.entrySet()) ? 1 : 0;
                ready += PodState.isReady(pod) ? 1 : 0;
                available += isAvailable(pod, spec, now) ? 1 : 0;
            } else if (!PodState.hasEnded(pod)) {
                terminating++;
            }
        }
        return new ReplicaStatus(replicas, labeled, ready, available, terminating);
    }

    /** The soonest that a ready pod turns into an available one. */
    static Optional<Duration> nextAvailable(
            ReplicaSpec spec, List<ObjectNode> claimed, Instant now) {
        return claimed.stream()
                .filter(PodState::isActive)
                .flatMap(pod -> PodState.untilAvailable(pod, spec.minReadySeconds(), now).stream())
                .filter(Duration::isPositive)
                .min(Duration::compareTo);
    }

    /**
     * As the object's {@code status}.
     *
     * @param failure why the last look did not reach the wanted number
     * @param failureReason FailedCreate or FailedDelete
     */
    ObjectNode write(
            ObjectNode owner,
            Optional<ApiException> failure,
            String failureReason,
            boolean terminatingToo,
            Clock clock) {
        ObjectNode status = Json.object();
        status.put("replicas", replicas);
        put(status, "fullyLabeledReplicas", fullyLabeled);
        put(status, "readyReplicas", ready);
        put(status, "availableReplicas", available);
        if (terminatingToo) {
            status.put("terminatingReplicas", terminating);
        }
        status.put("observedGeneration", Metadata.generation(owner));
        ArrayNode conditions = conditions(owner, failure, failureReason, clock);
        if (!conditions.isEmpty()) {
            status.set("conditions", conditions);
        }
        return status;
    }

    private static ArrayNode conditions(
            ObjectNode owner, Optional<ApiException> failure, String reason, Clock clock) {
        ArrayNode conditions = Json.object().putArray("conditions");
        Optional<JsonNode> before = Optional.empty();
        for (JsonNode condition : owner.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals(FAILURE)) {
                before = Optional.of(condition);
            } else {
                conditions.add(condition.deepCopy());
            }
        }
        if (failure.isPresent()) {
            conditions.add(
                    before.filter(known -> known.path("reason").asString("").equals(reason))
                            .map(JsonNode::deepCopy)
                            .orElseGet(() -> failed(failure.get(), reason, clock)));
        }
        return conditions;
    }

    private static ObjectNode failed(ApiException failure, String reason, Clock clock) {
        return Json.object()
                .put("type", FAILURE)
                .put("status", "True")
                .put(
                        "lastTransitionTime",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", reason)
                .put("message", failure.status().message());
    }

    private static boolean isAvailable(ObjectNode pod, ReplicaSpec spec, Instant now) {
        return PodState.untilAvailable(pod, spec.minReadySeconds(), now)
                .filter(Duration::isZero)
                .isPresent();
    }

    private static ObjectNode metadata(ReplicaSpec spec) {
        return spec.template().path("metadata") instanceof ObjectNode metadata
                ? metadata
                : Json.object();
    }

    private static void put(ObjectNode status, String field, int count) {
        if (count > 0) {
            status.put(field, count);
        }
    }
}
