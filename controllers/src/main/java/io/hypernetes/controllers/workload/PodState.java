package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What controllers ask of a pod's tree. */
final class PodState {
    private PodState() {}

    /** Neither ended nor about to end. */
    static boolean isActive(ObjectNode pod) {
        return !hasEnded(pod) && !Metadata.isBeingDeleted(pod);
    }

    static boolean hasEnded(ObjectNode pod) {
        String phase = phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean isReady(ObjectNode pod) {
        return ready(pod).isPresent();
    }

    /** Since when the pod is ready; empty when it is not. */
    static Optional<Instant> readySince(ObjectNode pod) {
        return ready(pod)
                .flatMap(condition -> instant(condition.path("lastTransitionTime").asString("")));
    }

    /**
     * How long until the pod counts as available: ready for {@code minReadySeconds}. Zero when it
     * is, empty when it is not even ready.
     */
    static Optional<Duration> untilAvailable(ObjectNode pod, long minReadySeconds, Instant now) {
        if (!isReady(pod)) {
            return Optional.empty();
        }
        if (minReadySeconds == 0) {
            return Optional.of(Duration.ZERO);
        }
        return readySince(pod)
                .map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    static String phase(ObjectNode pod) {
        return pod.path("status").path("phase").asString("Pending");
    }

    static String node(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    static int restarts(ObjectNode pod) {
        int most = 0;
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            most = Math.max(most, container.path("restartCount").asInt(0));
        }
        return most;
    }

    static Optional<Instant> instant(String time) {
        try {
            return time.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(time));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /** The condition that says so; empty when the pod is not ready. */
    private static Optional<JsonNode> ready(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")
                    && condition.path("status").asString("").equals("True")) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }
}
