package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The next steps of a StatefulSet. Ordered, that is one at most: the first pod that is missing is
 * made when all before it are available; the last that is too many, or is of an older revision,
 * goes when all others are. Parallel, all that are missing or too many at once. Pure.
 */
final class StatefulPlan {
    private final StatefulSpec spec;
    private final SetRevisions.Known revisions;
    private final Instant now;
    private final Map<Integer, ObjectNode> pods = new TreeMap<>();

    final List<Integer> created = new ArrayList<>();
    final List<ObjectNode> deleted = new ArrayList<>();
    final NextLook next = new NextLook();

    private StatefulPlan(
            StatefulSpec spec,
            SetRevisions.Known revisions,
            Collection<ObjectNode> pods,
            Instant now) {
        this.spec = spec;
        this.revisions = revisions;
        this.now = now;
        pods.forEach(pod -> this.pods.put(spec.ordinal(pod), pod));
    }

    static StatefulPlan of(
            StatefulSpec spec,
            SetRevisions.Known revisions,
            Collection<ObjectNode> pods,
            Instant now) {
        StatefulPlan plan = new StatefulPlan(spec, revisions, pods, now);
        if (!Metadata.isBeingDeleted(spec.set())) {
            plan.decide();
        }
        return plan;
    }

    /**
     * Whether a pod of this ordinal is made of the newest template: not below the partition, and
     * not before the rollout, which comes from above, has reached it.
     */
    boolean takesUpdate(int ordinal) {
        return !spec.rolls()
                || (ordinal >= spec.partition()
                        && pods.entrySet().stream()
                                .filter(entry -> entry.getKey() > ordinal)
                                .filter(entry -> spec.wants(entry.getKey()))
                                .allMatch(entry -> has(entry.getValue(), revisions.update())));
    }

    private void decide() {
        if (fill() || shrink() || !spec.rolls()) {
            return;
        }
        roll();
    }

    /** Whether the look ends here: something is made, or must be waited for. */
    private boolean fill() {
        for (int i = spec.start(); i < spec.start() + spec.replicas(); i++) {
            ObjectNode pod = pods.get(i);
            if (pod == null) {
                created.add(i);
            } else if (PodState.hasEnded(pod) && !Metadata.isBeingDeleted(pod)) {
                deleted.add(pod);
            } else if (isAvailable(pod)) {
                continue;
            }
            if (spec.ordered()) {
                return true;
            }
        }
        return false;
    }

    private boolean shrink() {
        List<ObjectNode> condemned =
                pods.entrySet().stream()
                        .filter(entry -> !spec.wants(entry.getKey()))
                        .sorted(Map.Entry.<Integer, ObjectNode>comparingByKey().reversed())
                        .map(Map.Entry::getValue)
                        .toList();
        boolean allBeforeAreWell = true;
        for (ObjectNode pod : condemned.reversed().subList(0, Math.max(0, condemned.size() - 1))) {
            allBeforeAreWell &= isAvailable(pod);
        }
        for (ObjectNode pod : condemned) {
            // In order, an unhealthy pod waits for those before it that are unhealthy too.
            if (spec.ordered() && !allBeforeAreWell && !isAvailable(pod)) {
                return true;
            }
            if (!Metadata.isBeingDeleted(pod)) {
                deleted.add(pod);
            }
            if (spec.ordered()) {
                return true;
            }
        }
        return false;
    }

    private void roll() {
        for (int i = spec.start() + spec.replicas() - 1;
                i >= Math.max(spec.start(), spec.partition());
                i--) {
            ObjectNode pod = pods.get(i);
            if (pod == null || Metadata.isBeingDeleted(pod)) {
                return;
            }
            if (!has(pod, revisions.update())) {
                if (!deleted.contains(pod)) {
                    deleted.add(pod);
                }
                return;
            }
            if (!isAvailable(pod)) {
                return;
            }
        }
    }

    private static boolean has(ObjectNode pod, ObjectNode revision) {
        return Metadata.label(pod, SetRevisions.HASH_LABEL).equals(Metadata.name(revision));
    }

    private boolean isAvailable(ObjectNode pod) {
        return next.isAvailable(pod, spec.minReadySeconds(), now);
    }

    /** What the pods that are there amount to. */
    ObjectNode status() {
        List<ObjectNode> there =
                pods.values().stream()
                        .filter(pod -> !PodState.hasEnded(pod))
                        .sorted(Comparator.comparing(Metadata::name))
                        .toList();
        int ready = count(there, PodState::isReady);
        int updated = count(there, pod -> counts(pod, revisions.update()));
        int current = count(there, pod -> counts(pod, revisions.current()));
        boolean done =
                spec.rolls()
                        && updated == there.size()
                        && updated == spec.replicas()
                        && ready == there.size();
        ObjectNode status = Json.object();
        status.put("observedGeneration", Metadata.generation(spec.set()));
        status.put("replicas", there.size());
        JobTracking.put(status, "readyReplicas", ready);
        status.put("availableReplicas", count(there, this::isAvailable));
        JobTracking.put(status, "currentReplicas", done ? updated : current);
        JobTracking.put(status, "updatedReplicas", updated);
        status.put(
                "currentRevision", Metadata.name(done ? revisions.update() : revisions.current()));
        status.put("updateRevision", Metadata.name(revisions.update()));
        status.put("collisionCount", spec.set().at("/status/collisionCount").asInt(0));
        return status;
    }

    private static boolean counts(ObjectNode pod, ObjectNode revision) {
        return has(pod, revision) && !Metadata.isBeingDeleted(pod);
    }

    private static int count(
            List<ObjectNode> pods, java.util.function.Predicate<ObjectNode> filter) {
        return (int) pods.stream().filter(filter).count();
    }
}
