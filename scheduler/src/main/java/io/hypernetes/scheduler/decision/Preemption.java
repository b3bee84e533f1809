package io.hypernetes.scheduler.decision;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.plugin.Filter;
import io.hypernetes.scheduler.plugin.Refusal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the node on which the fewest and least important pods have to go for a pod
 * (DefaultPreemption upstream). A tenant's pod pushes aside pods of its own tenant alone, whatever
 * its priority: no tenant can make another's pods go. The operator's own pods may come before
 * everybody's.
 *
 * <p>Tries are made on the cluster itself: pods are taken off and put back before it returns.
 */
final class Preemption {

    private static final int FEWEST_TRIES = 100;
    private static final int SHARE_OF_TRIES = 10;

    /** The more important first: priority, then who runs longer. */
    private static final Comparator<PodView> IMPORTANCE =
            Comparator.comparingInt(PodView::priority)
                    .reversed()
                    .thenComparing(pod -> pod.started().isEmpty() ? "~" : pod.started())
                    .thenComparing(pod -> pod.key().toString());

    /** What comes of looking for victims. */
    sealed interface Outcome {
        record Found(String node, List<PodView> victims) implements Outcome {}

        /**
         * @param message without the word preemption before it
         */
        record NotFound(String message) implements Outcome {}
    }

    /**
     * @param breaking how many of the victims break a budget
     */
    private record Candidate(String node, List<PodView> victims, int breaking) {
        int highest() {
            return victims.stream().mapToInt(PodView::priority).max().orElse(Integer.MIN_VALUE);
        }

        long sum() {
            // As upstream: all priorities moved above zero, so that fewer is always less.
            return victims.stream().mapToLong(v -> v.priority() + (1L << 31)).sum();
        }

        /** When the longest running of the most important victims started. */
        String earliest() {
            return victims.stream()
                    .filter(v -> v.priority() == highest())
                    .map(PodView::started)
                    .min(Comparator.naturalOrder())
                    .orElse("");
        }
    }

    private final List<Filter> filters;
    private final Cluster cluster;
    private final BudgetCheck budgets;
    private final PodView pod;

    Preemption(List<Filter> filters, Cluster cluster, Budgets budgets, PodView pod) {
        this.filters = filters;
        this.cluster = cluster;
        this.budgets = new BudgetCheck(budgets);
        this.pod = pod;
    }

    Outcome find(Map<NodeState, Refusal> refusals) {
        if (!pod.preempts()) {
            return new Outcome.NotFound("not eligible due to preemptionPolicy=Never.");
        }
        if (isUnderWay(refusals)) {
            return new Outcome.NotFound(
                    "not eligible due to a terminating pod on the nominated node.");
        }
        Reasons reasons = new Reasons();
        List<Candidate> candidates = new ArrayList<>();
        int tries = Math.max(FEWEST_TRIES, refusals.size() / SHARE_OF_TRIES);
        for (Map.Entry<NodeState, Refusal> refusal : refusals.entrySet()) {
            if (refusal.getValue().hopeless() || candidates.size() >= tries) {
                reasons.add("Preemption is not helpful for scheduling");
            } else {
                candidate(refusal.getKey(), reasons).ifPresent(candidates::add);
            }
        }
        return candidates.stream()
                .min(
                        Comparator.comparingInt(Candidate::breaking)
                                .thenComparingInt(Candidate::highest)
                                .thenComparingLong(Candidate::sum)
                                .thenComparingInt(candidate -> candidate.victims().size())
                                .thenComparing(
                                        Candidate::earliest, Comparator.<String>reverseOrder()))
                .<Outcome>map(best -> new Outcome.Found(best.node(), best.victims()))
                .orElseGet(() -> new Outcome.NotFound(reasons.tell(refusals.size())));
    }

    /** Pods are already going for this one, as long as its node is not out of the question. */
    private boolean isUnderWay(Map<NodeState, Refusal> refusals) {
        return cluster.node(pod.nominated())
                .filter(node -> !refusals.getOrDefault(node, Refusal.NONE).hopeless())
                .filter(node -> node.pods().stream().anyMatch(p -> p.going() && mayGo(p)))
                .isPresent();
    }

    private boolean mayGo(PodView other) {
        return other.priority() < pod.priority()
                && (pod.key().tenant().isSystem()
                        || pod.key().tenant().equals(other.key().tenant()));
    }

    private Optional<Candidate> candidate(NodeState node, Reasons reasons) {
        List<PodView> lesser = node.pods().stream().filter(this::mayGo).sorted(IMPORTANCE).toList();
        if (lesser.isEmpty()) {
            reasons.add("No preemption victims found for incoming pod");
            return Optional.empty();
        }
        Set<PodView> off = new HashSet<>(lesser);
        lesser.forEach(other -> cluster.remove(other.uid()));
        try {
            Refusal refusal = check(node.name());
            if (!refusal.passes()) {
                reasons.add(refusal);
                return Optional.empty();
            }
            return Optional.of(reprieve(node.name(), lesser, off));
        } finally {
            off.forEach(cluster::put);
        }
    }

    /** Puts back whom it can, those first whose going would break a budget. */
    private Candidate reprieve(String node, List<PodView> lesser, Set<PodView> off) {
        List<PodView> breaking = budgets.breaking(lesser);
        List<PodView> order = new ArrayList<>(breaking);
        lesser.stream().filter(other -> !breaking.contains(other)).forEach(order::add);
        List<PodView> victims = new ArrayList<>();
        int broken = 0;
        for (PodView other : order) {
            cluster.put(other);
            if (check(node).passes()) {
                off.remove(other);
            } else {
                cluster.remove(other.uid());
                victims.add(other);
                broken += breaking.contains(other) ? 1 : 0;
            }
        }
        victims.sort(IMPORTANCE);
        return new Candidate(node, victims, broken);
    }

    private Refusal check(String node) {
        Fit fit = Fit.prepare(filters, pod, cluster);
        return fit.of(cluster.node(node).orElseThrow());
    }
}
