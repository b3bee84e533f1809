package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The status of a Deployment. Reasons and messages are those that {@code kubectl rollout status}
 * and people know.
 */
final class DeploymentStatus {
    private static final String AVAILABLE = "Available";
    private static final String PROGRESSING = "Progressing";
    private static final String FAILURE = "ReplicaFailure";
    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String TIMED_OUT = "ProgressDeadlineExceeded";

    private final ObjectNode deployment;
    private final DeploymentSpec spec;
    private final ReplicaSets sets;
    private final Instant now;
    private final Conditions conditions;
    private final int replicas;
    private final int updated;
    private final int ready;
    private final int available;

    DeploymentStatus(ObjectNode deployment, DeploymentSpec spec, ReplicaSets sets, Instant now) {
        this.deployment = deployment;
        this.spec = spec;
        this.sets = sets;
        this.now = now;
        this.conditions = Conditions.of(deployment, now);
        this.replicas = sets.sum("replicas");
        this.updated = sets.current().map(set -> ReplicaSets.count(set, "replicas")).orElse(0);
        this.ready = sets.sum("readyReplicas");
        this.available = sets.sum("availableReplicas");
    }

    /** All wanted pods run the current template and are available, and no others run. */
    boolean isComplete() {
        return updated == spec.replicas()
                && replicas == spec.replicas()
                && available == spec.replicas();
    }

    /** A new replica set was made, or an old one found to have the template. */
    void turnedTo(ObjectNode set, boolean created) {
        if (spec.progressDeadline().isPresent()) {
            String name = Metadata.name(set);
            conditions.set(
                    PROGRESSING,
                    true,
                    created ? "NewReplicaSetCreated" : "FoundNewReplicaSet",
                    created
                            ? "Created new replica set \"" + name + "\""
                            : "Found new replica set \"" + name + "\"");
        }
    }

    /** The replica set of a template could not be made. */
    void couldNotTurn(String message) {
        conditions.set(PROGRESSING, false, "ReplicaSetCreateError", message);
    }

    /** Time does not count against a Deployment that is paused. */
    void pausedOrResumed() {
        boolean paused = conditions.reason(PROGRESSING).equals("DeploymentPaused");
        if (spec.progressDeadline().isEmpty() || conditions.reason(PROGRESSING).equals(TIMED_OUT)) {
            return;
        }
        if (spec.paused() && !paused) {
            conditions.set(PROGRESSING, "Unknown", "DeploymentPaused", "Deployment is paused");
        } else if (!spec.paused() && paused) {
            conditions.set(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed");
        }
    }

    void progressed() {
        if (spec.progressDeadline().isEmpty()) {
            conditions.remove(PROGRESSING);
            return;
        }
        String reason = conditions.reason(PROGRESSING);
        if (replicas == updated && reason.equals(COMPLETE)) {
            return; // was complete before: pods that fail later are no rollout
        }
        String what =
                sets.current()
                        .map(set -> "ReplicaSet \"" + Metadata.name(set) + "\"")
                        .orElse("Deployment \"" + Metadata.name(deployment) + "\"");
        if (isComplete()) {
            conditions.set(PROGRESSING, true, COMPLETE, what + " has successfully progressed.");
        } else if (hasMoved()) {
            conditions.renew(PROGRESSING, "True", "ReplicaSetUpdated", what + " is progressing.");
        } else if (untilTimeout().filter(left -> !left.isPositive()).isPresent()) {
            conditions.set(PROGRESSING, false, TIMED_OUT, what + " has timed out progressing.");
        }
    }

    /** More new pods, fewer old ones, more ready, more available than the status says. */
    private boolean hasMoved() {
        int updatedBefore = before("updatedReplicas");
        return updated > updatedBefore
                || replicas - updated < before("replicas") - updatedBefore
                || ready > before("readyReplicas")
                || available > before("availableReplicas");
    }

    private int before(String field) {
        return ReplicaSets.count(deployment, field);
    }

    /** How long until the rollout counts as stuck; empty when it is none, or is stuck already. */
    Optional<Duration> untilTimeout() {
        String reason = conditions.reason(PROGRESSING);
        if (reason.equals(COMPLETE) || reason.equals(TIMED_OUT) || spec.paused()) {
            return Optional.empty();
        }
        return spec.progressDeadline()
                .flatMap(deadline ->
                        conditions
                                .find(PROGRESSING)
                                .map(c -> c.path("lastUpdateTime").asString(""))
                                .flatMap(PodState::instant)
                                .map(since -> Duration.between(now, since.plus(deadline))));
    }

    ObjectNode write() {
        boolean enough = available >= spec.fewestAvailable();
        conditions.set(
                AVAILABLE,
                enough,
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability.");
        failure().ifPresentOrElse(conditions::copy, () -> conditions.remove(FAILURE));
        ObjectNode status = Json.object();
        put(status, "replicas", replicas);
        put(status, "updatedReplicas", updated);
        put(status, "readyReplicas", ready);
        put(status, "availableReplicas", available);
        put(status, "unavailableReplicas", Math.max(0, sets.wanted() - available));
        status.put("terminatingReplicas", sets.sum("terminatingReplicas"));
        status.put("observedGeneration", Metadata.generation(deployment));
        if (deployment.path("status").has("collisionCount")) {
            status.set("collisionCount", deployment.path("status").get("collisionCount"));
        }
        status.set("conditions", conditions.list());
        return status;
    }

    private Optional<ObjectNode> failure() {
        return sets.all().reversed().stream()
                .flatMap(set -> Conditions.of(set, now).find(FAILURE).stream())
                .findFirst();
    }

    private static void put(ObjectNode status, String field, int count) {
        if (count > 0) {
            status.put(field, count);
        }
    }
}
