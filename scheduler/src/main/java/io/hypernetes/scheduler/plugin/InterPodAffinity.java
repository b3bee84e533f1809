package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.AffinityTerm;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.Namespaces;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * InterPodAffinity, the filter: what the pod requires of others and what those that are there
 * require of it, inside its tenant.
 */
record InterPodAffinity(Namespaces namespaces) implements Filter {

    @Override
    public Prepared prepare(PodView pod, Cluster cluster) {
        Domains theirs = repelledBy(pod, cluster);
        List<AffinityTerm> with = pod.affinity().with();
        List<AffinityTerm> apart = pod.affinity().apart();
        if (theirs.isEmpty() && with.isEmpty() && apart.isEmpty()) {
            return SKIP;
        }
        Domains friends = beside(pod, cluster);
        Domains foes = new Domains();
        for (AffinityTerm term : apart) {
            for (PodView other : candidates(term, pod, cluster)) {
                if (term.matches(other, namespaces)) {
                    add(foes, term, other, cluster);
                }
            }
        }
        boolean first = friends.isEmpty() && isItsOwnFriend(pod);
        Set<String> repelling = theirs.keys();
        return new Prepared.Check(node -> {
            Map<String, String> labels = node.view().labels();
            for (AffinityTerm term : with) {
                String domain = term.domain(labels);
                if (domain.isEmpty() || (friends.get(term.topologyKey(), domain) == 0 && !first)) {
                    return Refusal.hopeless("node(s) didn't match pod affinity rules");
                }
            }
            for (AffinityTerm term : apart) {
                if (foes.get(term.topologyKey(), term.domain(labels)) > 0) {
                    return Refusal.of("node(s) didn't match pod anti-affinity rules");
                }
            }
            for (String key : repelling) {
                if (theirs.get(key, node.view().label(key)) > 0) {
                    return Refusal.of("node(s) didn't satisfy existing pods anti-affinity rules");
                }
            }
            return Refusal.NONE;
        });
    }

    private Domains repelledBy(PodView pod, Cluster cluster) {
        Domains theirs = new Domains();
        for (PodView other : cluster.repelling(pod.key().tenant())) {
            for (AffinityTerm term : other.affinity().apart()) {
                if (term.matches(pod, namespaces)) {
                    add(theirs, term, other, cluster);
                }
            }
        }
        return theirs;
    }

    /** Pods that all of the required terms are about. */
    private Domains beside(PodView pod, Cluster cluster) {
        List<AffinityTerm> terms = pod.affinity().with();
        Domains friends = new Domains();
        if (terms.isEmpty()) {
            return friends;
        }
        for (PodView other : candidates(terms.getFirst(), pod, cluster)) {
            if (terms.stream().allMatch(term -> term.matches(other, namespaces))) {
                terms.forEach(term -> add(friends, term, other, cluster));
            }
        }
        return friends;
    }

    /** The first of a group that wants to be together has nobody to go to. */
    private boolean isItsOwnFriend(PodView pod) {
        return pod.affinity().with().stream().allMatch(term -> term.matches(pod, namespaces));
    }

    static Collection<PodView> candidates(AffinityTerm term, PodView pod, Cluster cluster) {
        return term.onlyNamespace()
                .map(namespace -> cluster.pods(pod.key().tenant(), namespace))
                .orElseGet(() -> cluster.pods(pod.key().tenant()));
    }

    private static void add(Domains domains, AffinityTerm term, PodView other, Cluster cluster) {
        cluster.node(other.node())
                .map(NodeState::view)
                .ifPresent(view -> domains.add(term.topologyKey(), term.domain(view.labels()), 1));
    }

    @Override
    public Set<Trigger> helpedBy() {
        return Set.of(Trigger.NODE_CHANGED, Trigger.POD_GONE, Trigger.POD_PLACED);
    }
}
