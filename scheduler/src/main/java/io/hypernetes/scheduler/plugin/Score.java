package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.List;
import java.util.Optional;

/**
 * One of upstream's score plug-ins: the more the better, 0 to 100 after {@link NodeScore#finish}.
 */
public interface Score {

    long MOST = 100;

    /** Asked of each node that passed the filters. */
    @FunctionalInterface
    interface NodeScore {
        long of(NodeState node);

        /** Brings the scores of all nodes to 0 to 100. */
        default void finish(long[] scores, List<NodeState> nodes) {}
    }

    int weight();

    /** Empty when all nodes are the same to it. */
    Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes);

    /** The largest becomes 100; with {@code reverse}, 0, and none at all 100. */
    static void normalize(long[] scores, boolean reverse) {
        long most = 0;
        for (long score : scores) {
            most = Math.max(most, score);
        }
        for (int i = 0; i < scores.length; i++) {
            long score = most == 0 ? 0 : MOST * scores[i] / most;
            scores[i] = reverse ? MOST - score : score;
        }
    }
}
