package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The status of a PodDisruptionBudget. */
final class DisruptionStatus {
    private static final String CONDITION = "DisruptionAllowed";

    /** An eviction that was allowed and did not delete its pod in this time is forgotten. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ObjectNode budget;
    private final List<ObjectNode> covered;
    private final Instant now;

    /** Pods that were allowed to go and are still there, with the time of the permission. */
    private final ObjectNode going;

    /**
     * @param covered the pods that the budget is about
     */
    DisruptionStatus(ObjectNode budget, List<ObjectNode> covered, Instant now) {
        this.budget = budget;
        this.covered = covered;
        this.now = now;
        this.going = stillGoing();
    }

    private ObjectNode stillGoing() {
        ObjectNode kept = Json.object();
        JsonNode before = budget.path("status").path("disruptedPods");
        for (ObjectNode pod : covered) {
            JsonNode since = before.path(Metadata.name(pod));
            boolean fresh =
                    PodState.instant(since.asString(""))
                            .filter(time -> time.plus(PATIENCE).isAfter(now))
                            .isPresent();
            if (fresh && !Metadata.isBeingDeleted(pod)) {
                kept.set(Metadata.name(pod), since);
            }
        }
        return kept;
    }

    /** When an eviction that did not happen stops counting. */
    Optional<Duration> untilForgotten() {
        return going.properties().stream()
                .map(Map.Entry::getValue)
                .flatMap(since -> PodState.instant(since.asString("")).stream())
                .map(since -> Duration.between(now, since.plus(PATIENCE)).plusSeconds(1))
                .min(Duration::compareTo);
    }

    ObjectNode write(ExpectedPods.Count count) {
        int healthy =
                (int)
                        covered.stream()
                                .filter(PodState::isActive)
                                .filter(PodState::isReady)
                                .filter(pod -> !going.has(Metadata.name(pod)))
                                .count();
        boolean countable = count.expected() > 0 && count.failure().isEmpty();
        int allowed = countable ? Math.max(0, healthy - count.desiredHealthy()) : 0;
        ObjectNode status = Json.object();
        status.put("observedGeneration", Metadata.generation(budget));
        if (!going.isEmpty()) {
            status.set("disruptedPods", going);
        }
        status.put("disruptionsAllowed", allowed);
        status.put("currentHealthy", healthy);
        status.put("desiredHealthy", count.desiredHealthy());
        status.put("expectedPods", count.expected());
        status.putArray("conditions").add(condition(allowed > 0, count.failure()));
        return status;
    }

    private ObjectNode condition(boolean allowed, Optional<String> failure) {
        String reason =
                failure.isPresent()
                        ? "SyncFailed"
                        : allowed ? "SufficientPods" : "InsufficientPods";
        String status = allowed ? "True" : "False";
        String since =
                Conditions.of(budget, now)
                        .find(CONDITION)
                        .filter(before -> before.path("status").asString("").equals(status))
                        .map(before -> before.path("lastTransitionTime").asString(""))
                        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return Json.object()
                .put("type", CONDITION)
                .put("status", status)
                .put("observedGeneration", Metadata.generation(budget))
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", failure.orElse(""));
    }
}
