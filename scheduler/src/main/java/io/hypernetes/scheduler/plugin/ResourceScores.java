package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Amounts;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.List;
import java.util.Optional;

/** NodeResourcesFit (LeastAllocated) and NodeResourcesBalancedAllocation, over cpu and memory. */
final class ResourceScores {

    private ResourceScores() {}

    /** The mean share of cpu and memory that would be left. */
    record LeastAllocated() implements Score {
        @Override
        public int weight() {
            return 1;
        }

        @Override
        public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
            Amounts more = pod.assumed();
            return Optional.of(node -> score(more, node));
        }

        private static long score(Amounts more, NodeState node) {
            Amounts all = node.view().allocatable();
            Amounts used = node.assumed();
            long parts = (all.cpu() > 0 ? 1 : 0) + (all.memory() > 0 ? 1 : 0);
            long sum =
                    free(all.cpu(), used.cpu() + more.cpu())
                            + free(all.memory(), used.memory() + more.memory());
            return parts == 0 ? 0 : sum / parts;
        }

        private static long free(long all, long used) {
            return all == 0 || used > all ? 0 : (all - used) * MOST / all;
        }
    }

    /** The less the used shares of cpu and memory differ, the better. */
    record Balanced() implements Score {
        @Override
        public int weight() {
            return 1;
        }

        @Override
        public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
            Amounts more = pod.demand();
            return Optional.of(node -> score(more, node));
        }

        private static long score(Amounts more, NodeState node) {
            Amounts all = node.view().allocatable();
            Amounts used = node.used();
            if (all.cpu() == 0 || all.memory() == 0) {
                return MOST;
            }
            double cpu = share(all.cpu(), used.cpu() + more.cpu());
            double memory = share(all.memory(), used.memory() + more.memory());
            // The standard deviation of two values.
            return (long) ((1 - Math.abs(cpu - memory) / 2) * MOST);
        }

        private static double share(double all, double used) {
            return Math.min(1, used / all);
        }
    }
}
