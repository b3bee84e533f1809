package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.AffinityTerm;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.Namespaces;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * InterPodAffinity, the score: beside which pods of its tenant the pod would rather be, and which
 * of them would rather have it near, or far.
 */
record AffinityScore(Namespaces namespaces) implements Score {

    /** What a required term of a pod that is there weighs for others. */
    private static final int HARD_WEIGHT = 1;

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
        Domains sums = new Domains();
        for (AffinityTerm term : pod.affinity().ratherWith()) {
            wish(sums, term, term.weight(), pod, cluster);
        }
        for (AffinityTerm term : pod.affinity().ratherApart()) {
            wish(sums, term, -term.weight(), pod, cluster);
        }
        for (PodView other : cluster.attracting(pod.key().tenant())) {
            for (AffinityTerm term : other.affinity().with()) {
                wished(sums, term, HARD_WEIGHT, pod, other, cluster);
            }
            for (AffinityTerm term : other.affinity().ratherWith()) {
                wished(sums, term, term.weight(), pod, other, cluster);
            }
            for (AffinityTerm term : other.affinity().ratherApart()) {
                wished(sums, term, -term.weight(), pod, other, cluster);
            }
        }
        return sums.isEmpty() ? Optional.empty() : Optional.of(new Sums(sums, sums.keys()));
    }

    private void wish(Domains sums, AffinityTerm term, long weight, PodView pod, Cluster cluster) {
        for (PodView other : InterPodAffinity.candidates(term, pod, cluster)) {
            if (term.matches(other, namespaces)) {
                add(sums, term, weight, other, cluster);
            }
        }
    }

    private void wished(
            Domains sums,
            AffinityTerm term,
            long weight,
            PodView pod,
            PodView other,
            Cluster cluster) {
        if (term.matches(pod, namespaces)) {
            add(sums, term, weight, other, cluster);
        }
    }

    private static void add(
            Domains sums, AffinityTerm term, long weight, PodView other, Cluster cluster) {
        cluster.node(other.node())
                .map(NodeState::view)
                .ifPresent(
                        view -> sums.add(term.topologyKey(), term.domain(view.labels()), weight));
    }

    private record Sums(Domains sums, Set<String> keys) implements NodeScore {
        @Override
        public long of(NodeState node) {
            long sum = 0;
            for (String key : keys) {
                sum += sums.get(key, node.view().label(key));
            }
            return sum;
        }

        /** The least becomes 0, the most 100. */
        @Override
        public void finish(long[] scores, List<NodeState> nodes) {
            long least = Long.MAX_VALUE;
            long most = Long.MIN_VALUE;
            for (long score : scores) {
                least = Math.min(least, score);
                most = Math.max(most, score);
            }
            for (int i = 0; i < scores.length; i++) {
                scores[i] = most == least ? 0 : MOST * (scores[i] - least) / (most - least);
            }
        }
    }
}
