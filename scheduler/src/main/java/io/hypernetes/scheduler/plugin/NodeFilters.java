package io.hypernetes.scheduler.plugin;

import io.hypernetes.api.placement.Taint;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.Set;

/** The filters that look at a node's own words: cordon, taints, labels. */
final class NodeFilters {

    private NodeFilters() {}

    /** NodeUnschedulable: cordoned nodes. */
    record Unschedulable() implements Filter {
        @Override
        public Prepared prepare(PodView pod, Cluster cluster) {
            if (pod.tolerates(Taint.CORDON)) {
                return SKIP;
            }
            return new Prepared.Check(node ->
                    node.view().unschedulable()
                            ? Refusal.hopeless("node(s) were unschedulable")
                            : Refusal.NONE);
        }

        @Override
        public Set<Trigger> helpedBy() {
            return Set.of(Trigger.NODE_CHANGED);
        }
    }

    /** TaintToleration: the first taint that is not tolerated tells. */
    record Taints() implements Filter {
        @Override
        public Prepared prepare(PodView pod, Cluster cluster) {
            return new Prepared.Check(node -> check(pod, node.view()));
        }

        private static Refusal check(PodView pod, NodeView node) {
            for (Taint taint : node.taints()) {
                if (taint.repels() && !pod.tolerates(taint)) {
                    return Refusal.hopeless(
                            "node(s) had untolerated taint {%s: %s}"
                                    .formatted(taint.key(), taint.value()));
                }
            }
            return Refusal.NONE;
        }

        @Override
        public Set<Trigger> helpedBy() {
            return Set.of(Trigger.NODE_CHANGED);
        }
    }

    /** NodeAffinity: {@code nodeSelector} and required node affinity. */
    record Affinity() implements Filter {
        @Override
        public Prepared prepare(PodView pod, Cluster cluster) {
            if (pod.selection().isAny()) {
                return SKIP;
            }
            return new Prepared.Check(node ->
                    pod.selection().matches(node.name(), node.view().labels())
                            ? Refusal.NONE
                            : Refusal.hopeless(
                                    "node(s) didn't match Pod's node affinity/selector"));
        }

        @Override
        public Set<Trigger> helpedBy() {
            return Set.of(Trigger.NODE_CHANGED);
        }
    }
}
