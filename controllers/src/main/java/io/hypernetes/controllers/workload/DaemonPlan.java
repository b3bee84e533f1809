package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The next steps of a DaemonSet: one pod on each node that wants one, the old ones replaced no
 * faster than its strategy allows. Pure.
 */
final class DaemonPlan {

    /** A pod that fails at once is made again no faster than this. */
    private static final Duration FAILED_PAUSE = Duration.ofSeconds(10);

    /** What is told of a pod that ended on its node. */
    record Told(boolean good, String reason, String message) {}

    /** A node with this set's pods on it, the oldest first. */
    private record Place(String node, DaemonSpec.Verdict verdict, List<ObjectNode> pods) {}

    private final DaemonSpec spec;
    private final String hash;
    private final Instant now;
    private final List<Place> places = new ArrayList<>();

    final List<String> created = new ArrayList<>();
    final Set<ObjectNode> deleted = new LinkedHashSet<>();
    final List<Told> told = new ArrayList<>();
    final NextLook next = new NextLook();

    private DaemonPlan(DaemonSpec spec, String hash, Instant now) {
        this.spec = spec;
        this.hash = hash;
        this.now = now;
    }

    static DaemonPlan of(
            DaemonSpec spec,
            String hash,
            Collection<ObjectNode> nodes,
            Collection<ObjectNode> pods,
            Instant now) {
        DaemonPlan plan = new DaemonPlan(spec, hash, now);
        plan.place(nodes, pods);
        if (!Metadata.isBeingDeleted(spec.set())) {
            plan.places.forEach(plan::keepOne);
            if (spec.rolls()) {
                plan.roll();
            }
        }
        return plan;
    }

    private void place(Collection<ObjectNode> nodes, Collection<ObjectNode> pods) {
        Map<String, List<ObjectNode>> byNode = new TreeMap<>();
        pods.stream()
                .sorted(
                        Comparator.comparing((ObjectNode pod) -> PodState.node(pod).isEmpty())
                                .thenComparing(Metadata::creationTimestamp)
                                .thenComparing(Metadata::name))
                .forEach(pod ->
                        byNode.computeIfAbsent(DaemonSpec.nodeOf(pod), _ -> new ArrayList<>())
                                .add(pod));
        for (ObjectNode node : nodes) {
            String name = Metadata.name(node);
            List<ObjectNode> there = byNode.remove(name);
            places.add(new Place(name, spec.on(node), there == null ? List.of() : there));
        }
        // What runs on a node that is gone is the pod garbage collector's.
        byNode.values().stream()
                .flatMap(List::stream)
                .filter(pod -> PodState.node(pod).isEmpty())
                .forEach(this::delete);
    }

    private void delete(ObjectNode pod) {
        if (!Metadata.isBeingDeleted(pod)) {
            deleted.add(pod);
        }
    }

    private void keepOne(Place place) {
        if (!place.verdict().stay()) {
            place.pods().forEach(this::delete);
            return;
        }
        if (place.pods().isEmpty()) {
            if (place.verdict().run()) {
                created.add(place.node());
            }
            return;
        }
        List<ObjectNode> running = new ArrayList<>();
        for (ObjectNode pod : place.pods()) {
            if (PodState.hasEnded(pod) && !Metadata.isBeingDeleted(pod)) {
                ended(place.node(), pod);
            } else if (!Metadata.isBeingDeleted(pod)) {
                running.add(pod);
            }
        }
        if (surge() == 0) {
            running.stream().skip(1).forEach(this::delete);
        } else {
            running.stream().filter(this::isUpdated).skip(1).forEach(this::delete);
            running.stream().filter(pod -> !isUpdated(pod)).skip(1).forEach(this::delete);
        }
    }

    private void ended(String node, ObjectNode pod) {
        boolean failed = PodState.phase(pod).equals("Failed");
        Duration age =
                PodState.instant(Metadata.creationTimestamp(pod))
                        .map(made -> Duration.between(made, now))
                        .orElse(FAILED_PAUSE);
        if (failed && age.compareTo(FAILED_PAUSE) < 0) {
            next.after(FAILED_PAUSE.minus(age));
            return;
        }
        told.add(
                new Told(
                        !failed,
                        failed ? "FailedDaemonPod" : "SucceededDaemonPod",
                        "Found %s daemon pod %s/%s on node %s, will try to %s it"
                                .formatted(
                                        failed ? "failed" : "succeeded",
                                        Metadata.namespace(pod),
                                        Metadata.name(pod),
                                        node,
                                        failed ? "kill" : "delete")));
        delete(pod);
    }

    private List<Place> wanting() {
        return places.stream().filter(place -> place.verdict().run()).toList();
    }

    private int surge() {
        return spec.rolls() ? spec.maxSurge(wanting().size()) : 0;
    }

    private boolean isUpdated(ObjectNode pod) {
        return Metadata.label(pod, SetRevisions.HASH_LABEL).equals(hash);
    }

    private boolean isAvailable(ObjectNode pod) {
        return next.isAvailable(pod, spec.minReadySeconds(), now);
    }

    private void roll() {
        int desired = wanting().size();
        if (surge() > 0) {
            rollWithNewFirst(spec.maxSurge(desired));
        } else {
            rollWithOldFirst(spec.maxUnavailable(desired));
        }
    }

    /** Old pods that are not available go at once, the others as far as enough are left. */
    private void rollWithOldFirst(int maxUnavailable) {
        List<ObjectNode> candidates = new ArrayList<>();
        int unavailable = 0;
        for (Place place : wanting()) {
            List<ObjectNode> staying = staying(place);
            boolean available = staying.stream().anyMatch(this::isAvailable);
            unavailable += available ? 0 : 1;
            if (staying.size() == 1 && !isUpdated(staying.getFirst())) {
                if (available) {
                    candidates.add(staying.getFirst());
                } else {
                    delete(staying.getFirst());
                }
            }
        }
        candidates.stream().limit(Math.max(0, maxUnavailable - unavailable)).forEach(this::delete);
    }

    /** A new pod comes up beside the old one, which goes when the new one is available. */
    private void rollWithNewFirst(int maxSurge) {
        List<String> candidates = new ArrayList<>();
        int surging = 0;
        for (Place place : wanting()) {
            List<ObjectNode> staying = staying(place);
            Optional<ObjectNode> updated = staying.stream().filter(this::isUpdated).findFirst();
            Optional<ObjectNode> old = staying.stream().filter(pod -> !isUpdated(pod)).findFirst();
            if (old.isEmpty()) {
                continue;
            }
            boolean oldWorks = isAvailable(old.get());
            if (updated.isPresent()) {
                if (!oldWorks || isAvailable(updated.get())) {
                    delete(old.get());
                } else {
                    surging++;
                }
            } else if (oldWorks) {
                candidates.add(place.node());
            } else {
                created.add(place.node());
            }
        }
        candidates.stream().limit(Math.max(0, maxSurge - surging)).forEach(created::add);
    }

    private List<ObjectNode> staying(Place place) {
        return place.pods().stream()
                .filter(pod -> !Metadata.isBeingDeleted(pod) && !deleted.contains(pod))
                .toList();
    }

    /** What the pods that are there amount to. */
    ObjectNode status() {
        int desired = 0;
        int current = 0;
        int misplaced = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (Place place : places) {
            if (!place.verdict().run()) {
                misplaced += place.pods().isEmpty() ? 0 : 1;
                continue;
            }
            desired++;
            if (place.pods().isEmpty()) {
                continue;
            }
            current++;
            Optional<ObjectNode> works =
                    place.pods().stream()
                            .filter(pod -> PodState.isReady(pod) && !Metadata.isBeingDeleted(pod))
                            .findFirst();
            ready += works.isPresent() ? 1 : 0;
            available += works.filter(this::isAvailable).isPresent() ? 1 : 0;
            updated += isUpdated(works.orElse(place.pods().getFirst())) ? 1 : 0;
        }
        ObjectNode status = Json.object();
        status.put("observedGeneration", Metadata.generation(spec.set()));
        status.put("currentNumberScheduled", current).put("numberMisscheduled", misplaced);
        status.put("desiredNumberScheduled", desired).put("numberReady", ready);
        JobTracking.put(status, "updatedNumberScheduled", updated);
        JobTracking.put(status, "numberAvailable", available);
        JobTracking.put(status, "numberUnavailable", desired - available);
        return status;
    }
}
