package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Metadata.OwnerReference;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many pods a disruption budget expects, and how many of them have to be healthy. */
final class ExpectedPods {

    /**
     * @param unmanaged whether a share was asked of pods that have no owner
     * @param failure why it cannot be told; then nothing may be disrupted
     */
    record Count(int expected, int desiredHealthy, boolean unmanaged, Optional<String> failure) {}

    /** The sizes of the pods' owners. */
    private record Owned(int pods, boolean unmanaged, Optional<String> failure) {}

    private final WorkloadMirrors mirrors;

    ExpectedPods(WorkloadMirrors mirrors) {
        this.mirrors = mirrors;
    }

    Count of(ObjectKey budget, JsonNode spec, List<ObjectNode> covered) {
        JsonNode most = spec.path("maxUnavailable");
        JsonNode least = spec.path("minAvailable");
        boolean hasMost = !most.isMissingNode() && !most.isNull();
        if (!hasMost && !least.isString()) {
            return new Count(covered.size(), least.asInt(0), false, Optional.empty());
        }
        Owned owned = owned(budget, covered);
        int desired =
                hasMost
                        ? Math.max(0, owned.pods() - Share.roundedUp(most, owned.pods()))
                        : Share.roundedUp(least, owned.pods());
        return new Count(owned.pods(), desired, owned.unmanaged(), owned.failure());
    }

    private Owned owned(ObjectKey budget, List<ObjectNode> covered) {
        Map<String, Integer> sizes = new HashMap<>();
        boolean unmanaged = false;
        Optional<String> failure = Optional.empty();
        for (ObjectNode pod : covered) {
            Optional<OwnerReference> owner = Ownership.controllerOf(pod);
            if (owner.isEmpty()) {
                unmanaged = true;
                continue;
            }
            Optional<ObjectNode> top = top(budget, owner.get());
            if (top.isEmpty()) {
                failure =
                        Optional.of("found no controllers for pod \"" + Metadata.name(pod) + "\"");
            } else {
                int size = top.get().path("spec").path("replicas").asInt(1);
                sizes.put(Metadata.uid(top.get()), size);
            }
        }
        int sum = sizes.values().stream().mapToInt(Integer::intValue).sum();
        return new Owned(sum, unmanaged, failure);
    }

    /** The owner whose size people set: a Deployment stands above its replica sets. */
    private Optional<ObjectNode> top(ObjectKey budget, OwnerReference owner) {
        return switch (owner.kind()) {
            case "ReplicationController" -> find(mirrors.replicationControllers(), budget, owner);
            case "StatefulSet" -> find(mirrors.statefulSets(), budget, owner);
            case "ReplicaSet" ->
                    find(mirrors.replicaSets(), budget, owner)
                            .map(set -> deployment(budget, set).orElse(set));
            default -> Optional.empty();
        };
    }

    private Optional<ObjectNode> deployment(ObjectKey budget, ObjectNode set) {
        return Ownership.controllerOf(set)
                .filter(owner -> owner.kind().equals("Deployment"))
                .flatMap(owner -> find(mirrors.deployments(), budget, owner));
    }

    private static Optional<ObjectNode> find(
            Informer mirror, ObjectKey budget, OwnerReference owner) {
        return mirror.get(new ObjectKey(budget.tenant(), budget.namespace(), owner.name()))
                .filter(object -> Metadata.uid(object).equals(owner.uid()));
    }
}
