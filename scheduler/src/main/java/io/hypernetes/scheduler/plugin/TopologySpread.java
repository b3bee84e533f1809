package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.cluster.SpreadConstraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PodTopologySpread, the filter: no domain gets further ahead of the emptiest than allowed. */
final class TopologySpread implements Filter {

    private static final String SKEWED = "node(s) didn't match pod topology spread constraints";

    /**
     * @param counts of the pods that the constraint is about, by domain
     * @param least in any domain; 0 when there are fewer domains than asked for
     * @param self whether the pod itself will count
     */
    private record Spread(
            SpreadConstraint constraint, Map<String, Integer> counts, int least, boolean self) {}

    @Override
    public Prepared prepare(PodView pod, Cluster cluster) {
        List<SpreadConstraint> hard = pod.spread().stream().filter(SpreadConstraint::hard).toList();
        if (hard.isEmpty()) {
            return SKIP;
        }
        List<Spread> spreads = new ArrayList<>();
        for (SpreadConstraint constraint : hard) {
            spreads.add(spread(constraint, hard, pod, cluster));
        }
        return new Prepared.Check(node -> check(spreads, node.view()));
    }

    private static Spread spread(
            SpreadConstraint constraint, List<SpreadConstraint> all, PodView pod, Cluster cluster) {
        Map<String, Integer> counts = new HashMap<>();
        for (NodeState node : cluster.nodes()) {
            if (hasAllKeys(all, node.view()) && constraint.counts(pod, node.view())) {
                counts.putIfAbsent(node.view().label(constraint.topologyKey()), 0);
            }
        }
        for (PodView other : cluster.pods(pod.key().tenant(), pod.key().namespace())) {
            if (!other.going() && constraint.selector().matches(other.labels())) {
                cluster.node(other.node())
                        .map(NodeState::view)
                        .filter(view -> hasAllKeys(all, view) && constraint.counts(pod, view))
                        .ifPresent(view ->
                                counts.merge(
                                        view.label(constraint.topologyKey()), 1, Integer::sum));
            }
        }
        boolean few = counts.size() < Math.max(1, constraint.minDomains());
        int least = few ? 0 : counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        return new Spread(constraint, counts, least, constraint.selector().matches(pod.labels()));
    }

    private static boolean hasAllKeys(List<SpreadConstraint> constraints, NodeView node) {
        for (SpreadConstraint constraint : constraints) {
            if (!node.labels().containsKey(constraint.topologyKey())) {
                return false;
            }
        }
        return true;
    }

    private static Refusal check(List<Spread> spreads, NodeView node) {
        for (Spread spread : spreads) {
            String key = spread.constraint().topologyKey();
            if (!node.labels().containsKey(key)) {
                return Refusal.hopeless(SKEWED + " (missing required label)");
            }
            int here = spread.counts().getOrDefault(node.label(key), 0);
            int skew = here + (spread.self() ? 1 : 0) - spread.least();
            if (skew > spread.constraint().maxSkew()) {
                return Refusal.of(SKEWED);
            }
        }
        return Refusal.NONE;
    }

    @Override
    public Set<Trigger> helpedBy() {
        return Set.of(Trigger.NODE_CHANGED, Trigger.POD_GONE, Trigger.POD_PLACED);
    }
}
