package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The next step of a Deployment: which replica set gets which size. Pure calculation; the limits
 * that it keeps are those of the Deployment's documentation: never more than {@code maxSurge} pods
 * above the wanted number, never more than {@code maxUnavailable} below it.
 */
final class Rollout {

    /** A replica set and the number of pods it is to have. */
    record Resize(ObjectNode set, int to) {}

    private final DeploymentSpec spec;
    private final ReplicaSets sets;

    Rollout(DeploymentSpec spec, ReplicaSets sets) {
        this.spec = spec;
        this.sets = sets;
    }

    /** Whether the Deployment's size was changed since its sets were last resized. */
    boolean isRescaled() {
        return sets.active().stream()
                .anyMatch(set ->
                        Revision.count(set, Revision.DESIRED, spec.replicas()) != spec.replicas());
    }

    /** What the new set grows to within the surge; empty when it stays. */
    Optional<Resize> grow() {
        return sets.current()
                .map(set -> new Resize(set, sizeOfNew(ReplicaSets.wanted(set), sets.wanted())))
                .filter(Rollout::changes);
    }

    /** The size of the new set when it has {@code wanted} of {@code total} pods now. */
    int sizeOfNew(int wanted, int total) {
        if (spec.recreate() || wanted > spec.replicas()) {
            return spec.replicas();
        }
        int room = spec.mostPods() - total;
        return room <= 0 ? wanted : wanted + Math.min(room, spec.replicas() - wanted);
    }

    /**
     * What the old sets shrink to: first pods that are not available anyway, then as many as are
     * available beyond the least number.
     */
    List<Resize> shrink() {
        if (spec.recreate()) {
            return to(0);
        }
        int unavailableOfNew =
                sets.current()
                        .map(set -> ReplicaSets.wanted(set) - ReplicaSets.available(set))
                        .orElse(0);
        int mayGo = sets.wanted() - spec.fewestAvailable() - unavailableOfNew;
        if (mayGo <= 0) {
            return List.of();
        }
        List<Resize> sizes = new ArrayList<>();
        int spare = sets.sum("availableReplicas") - spec.fewestAvailable();
        for (ObjectNode set : sets.old()) {
            int wanted = ReplicaSets.wanted(set);
            int unhealthy = Math.clamp(wanted - ReplicaSets.available(set), 0, mayGo);
            mayGo -= unhealthy;
            int healthy = Math.clamp(spare, 0, wanted - unhealthy);
            spare -= healthy;
            sizes.add(new Resize(set, wanted - unhealthy - healthy));
        }
        return sizes.stream().filter(Rollout::changes).toList();
    }

    private List<Resize> to(int size) {
        return sets.old().stream()
                .map(set -> new Resize(set, size))
                .filter(Rollout::changes)
                .toList();
    }

    /** The sizes after the Deployment was scaled, or while it is paused. */
    List<Resize> rescale() {
        List<ObjectNode> active = sets.active();
        if (active.size() <= 1) {
            Optional<ObjectNode> only = active.stream().findFirst().or(this::latest);
            return only.map(set -> new Resize(set, spec.replicas())).stream().toList();
        }
        if (sets.current().filter(this::isSaturated).isPresent()) {
            return to(0);
        }
        return spec.recreate() ? List.of() : proportionally(active);
    }

    private Optional<ObjectNode> latest() {
        return sets.current().or(() -> sets.old().reversed().stream().findFirst());
    }

    private boolean isSaturated(ObjectNode set) {
        return ReplicaSets.wanted(set) == spec.replicas()
                && Revision.count(set, Revision.DESIRED, -1) == spec.replicas()
                && ReplicaSets.available(set) == spec.replicas();
    }

    /** In the middle of a rollout every set gets its share of what is added or taken away. */
    private List<Resize> proportionally(List<ObjectNode> active) {
        int allowed = spec.replicas() > 0 ? spec.mostPods() : 0;
        int toAdd = allowed - sets.wanted();
        Comparator<ObjectNode> bySize =
                Comparator.comparing(ReplicaSets::wanted, Comparator.reverseOrder());
        Comparator<ObjectNode> byAge = Comparator.comparing(Metadata::creationTimestamp);
        List<ObjectNode> ordered =
                active.stream()
                        .sorted(bySize.thenComparing(toAdd > 0 ? byAge.reversed() : byAge))
                        .toList();
        List<Resize> sizes = new ArrayList<>();
        int added = 0;
        for (ObjectNode set : ordered) {
            int share = toAdd == 0 ? 0 : share(set, toAdd, added);
            added += share;
            sizes.add(new Resize(set, ReplicaSets.wanted(set) + share));
        }
        Resize largest = sizes.getFirst();
        sizes.set(0, new Resize(largest.set(), Math.max(0, largest.to() + toAdd - added)));
        return sizes;
    }

    private int share(ObjectNode set, int toAdd, int added) {
        int wanted = ReplicaSets.wanted(set);
        if (spec.replicas() == 0) {
            return -wanted;
        }
        int before = Revision.count(set, Revision.MOST, spec.mostPods());
        long scaled = Math.round((double) wanted * spec.mostPods() / Math.max(1, before));
        int left = toAdd - added;
        int share = (int) scaled - wanted;
        return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    }

    private static boolean changes(Resize resize) {
        return ReplicaSets.wanted(resize.set()) != resize.to();
    }
}
