package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.cluster.SpreadConstraint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PodTopologySpread, the score: domains with fewer of its kind. A pod without constraints is spread
 * from the others of its controller over machines and zones, as upstream's defaults have it.
 */
final class SpreadScore implements Score {

    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final long IGNORED = -1;

    /**
     * @param weight the rarer the domains, the less one pod more means
     */
    private record Spread(String key, int maxSkew, double weight, Map<String, Integer> counts) {}

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
        List<Spread> spreads = new ArrayList<>();
        if (!pod.spread().isEmpty()) {
            for (SpreadConstraint constraint : pod.spread()) {
                if (!constraint.hard()) {
                    List<PodView> others =
                            cluster.pods(pod.key().tenant(), pod.key().namespace()).stream()
                                    .filter(o -> constraint.selector().matches(o.labels()))
                                    .toList();
                    String key = constraint.topologyKey();
                    spreads.add(spread(key, constraint.maxSkew(), others, cluster, nodes));
                }
            }
        } else if (!pod.owner().isEmpty()) {
            Collection<PodView> others = cluster.family(pod.owner());
            if (!others.isEmpty()) {
                spreads.add(spread(HOST, 3, others, cluster, nodes));
                spreads.add(spread(ZONE, 5, others, cluster, nodes));
            }
        }
        // Upstream's defaults leave nodes without the labels in; explicit constraints do not.
        boolean strict = !pod.spread().isEmpty();
        return spreads.isEmpty() ? Optional.empty() : Optional.of(new Sums(spreads, strict));
    }

    private static Spread spread(
            String key,
            int maxSkew,
            Collection<PodView> others,
            Cluster cluster,
            List<NodeState> nodes) {
        Map<String, Integer> counts = new HashMap<>();
        for (NodeState node : nodes) {
            String domain = node.view().label(key);
            if (!domain.isEmpty()) {
                counts.putIfAbsent(domain, 0);
            }
        }
        double weight = Math.log(counts.size() + 2.0);
        for (PodView other : others) {
            if (!other.going()) {
                cluster.node(other.node())
                        .map(node -> node.view().label(key))
                        .ifPresent(d -> counts.computeIfPresent(d, (_, count) -> count + 1));
            }
        }
        return new Spread(key, maxSkew, weight, counts);
    }

    private record Sums(List<Spread> spreads, boolean strict) implements NodeScore {
        @Override
        public long of(NodeState node) {
            double sum = 0;
            for (Spread spread : spreads) {
                String domain = node.view().label(spread.key());
                if (domain.isEmpty()) {
                    if (strict) {
                        return IGNORED;
                    }
                    continue;
                }
                sum +=
                        spread.counts().getOrDefault(domain, 0) * spread.weight()
                                + (spread.maxSkew() - 1);
            }
            return Math.round(sum);
        }

        /** The fewest becomes 100; nodes outside of all domains 0. */
        @Override
        public void finish(long[] scores, List<NodeState> nodes) {
            long least = Long.MAX_VALUE;
            long most = 0;
            for (long score : scores) {
                if (score != IGNORED) {
                    least = Math.min(least, score);
                    most = Math.max(most, score);
                }
            }
            for (int i = 0; i < scores.length; i++) {
                if (scores[i] == IGNORED) {
                    scores[i] = 0;
                } else {
                    scores[i] = most == 0 ? MOST : MOST * (most + least - scores[i]) / most;
                }
            }
        }
    }
}
