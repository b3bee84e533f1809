package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The replica sets of a Deployment.
 *
 * @param current the one that runs the Deployment's template
 * @param old all others, the oldest first
 */
record ReplicaSets(Optional<ObjectNode> current, List<ObjectNode> old) {

    private static final Comparator<ObjectNode> BY_AGE =
            Comparator.comparing(Metadata::creationTimestamp).thenComparing(Metadata::name);

    static ReplicaSets of(DeploymentSpec spec, List<ObjectNode> sets) {
        List<ObjectNode> byAge = sets.stream().sorted(BY_AGE).toList();
        Optional<ObjectNode> current =
                byAge.stream().filter(set -> Revision.runs(set, spec.template())).findFirst();
        return new ReplicaSets(
                current, byAge.stream().filter(set -> !Optional.of(set).equals(current)).toList());
    }

    /** The old ones, then the current one. */
    List<ObjectNode> all() {
        List<ObjectNode> all = new ArrayList<>(old);
        current.ifPresent(all::add);
        return all;
    }

    ReplicaSets withCurrent(ObjectNode set) {
        return new ReplicaSets(Optional.of(set), old);
    }

    List<ObjectNode> active() {
        return all().stream().filter(set -> wanted(set) > 0).toList();
    }

    int wanted() {
        return all().stream().mapToInt(ReplicaSets::wanted).sum();
    }

    /** The sum of a count in the sets' status. */
    int sum(String field) {
        return all().stream().mapToInt(set -> count(set, field)).sum();
    }

    long latestRevisionOfOld() {
        return old.stream().mapToLong(Revision::number).max().orElse(0);
    }

    static int wanted(ObjectNode set) {
        return set.path("spec").path("replicas").asInt(0);
    }

    static int available(ObjectNode set) {
        return count(set, "availableReplicas");
    }

    static int count(ObjectNode set, String field) {
        return set.path("status").path(field).asInt(0);
    }
}
