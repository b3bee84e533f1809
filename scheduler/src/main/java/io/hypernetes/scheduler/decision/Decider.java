package io.hypernetes.scheduler.decision;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.plugin.Profile;
import io.hypernetes.scheduler.plugin.Refusal;
import io.hypernetes.scheduler.plugin.Score;
import io.hypernetes.scheduler.plugin.Trigger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a node for a pod. All nodes are looked at, so what it says is true of all of them. */
public record Decider(Profile profile, Budgets budgets) {

    /**
     * @param nominated waiting pods for which others were made to go, with the node meant for each
     */
    public Decision decide(PodView pod, Cluster cluster, Collection<PodView> nominated) {
        int count = cluster.nodes().size();
        if (count == 0) {
            return new Decision.Nowhere(
                    "no nodes available to schedule pods", EnumSet.of(Trigger.NODE_CHANGED));
        }
        Fit fit = Fit.prepare(profile.filters(), pod, cluster);
        if (fit.never().isPresent()) {
            String message = Reasons.none(count) + fit.never().get() + ". preemption: ";
            Reasons reasons = new Reasons();
            cluster.nodes().forEach(_ -> reasons.add("Preemption is not helpful for scheduling"));
            return new Decision.Nowhere(message + reasons.tell(count), fit.helpedBy());
        }
        List<PodView> before =
                nominated.stream()
                        .filter(other -> !other.uid().equals(pod.uid()))
                        .filter(other -> comesBefore(other, pod))
                        .filter(other -> cluster.placed(other.uid()).isEmpty())
                        .toList();
        Map<NodeState, Refusal> refusals = new LinkedHashMap<>();
        List<NodeState> fitting = fitting(pod, cluster, fit, before, refusals);
        if (fitting.isEmpty()) {
            return nowhere(pod, cluster, fit, refusals);
        }
        return new Decision.On(best(pod, cluster, fitting));
    }

    /** Room that a tenant made with its own pods is not another tenant's, whatever the priority. */
    private static boolean comesBefore(PodView nominee, PodView pod) {
        boolean ownRoom =
                !pod.key().tenant().isSystem()
                        && !pod.key().tenant().equals(nominee.key().tenant());
        return ownRoom || nominee.priority() >= pod.priority();
    }

    /**
     * A node must do both with the nominated pods that come before it and without them: they may
     * never come, and what a pod wants to be near may be one of them.
     */
    private List<NodeState> fitting(
            PodView pod,
            Cluster cluster,
            Fit fit,
            List<PodView> before,
            Map<NodeState, Refusal> refusals) {
        before.forEach(cluster::put);
        List<NodeState> fitting;
        try {
            Fit with = before.isEmpty() ? fit : Fit.prepare(profile.filters(), pod, cluster);
            fitting = filter(cluster.nodes(), with, refusals);
        } finally {
            before.forEach(other -> cluster.remove(other.uid()));
        }
        return before.isEmpty() ? fitting : filter(fitting, fit, refusals);
    }

    private static List<NodeState> filter(
            Collection<NodeState> nodes, Fit fit, Map<NodeState, Refusal> refusals) {
        List<NodeState> fitting = new ArrayList<>();
        for (NodeState node : nodes) {
            Refusal refusal = fit.of(node);
            if (refusal.passes()) {
                fitting.add(node);
            } else {
                refusals.put(node, refusal);
            }
        }
        return fitting;
    }

    private Decision nowhere(
            PodView pod, Cluster cluster, Fit fit, Map<NodeState, Refusal> refusals) {
        Reasons reasons = new Reasons();
        refusals.values().forEach(reasons::add);
        String message = reasons.tell(refusals.size());
        Preemption preemption = new Preemption(profile.filters(), cluster, budgets, pod);
        return switch (preemption.find(refusals)) {
            case Preemption.Outcome.Found(String node, List<PodView> victims) ->
                    new Decision.Preempt(
                            node, victims, new Decision.Nowhere(message, fit.helpedBy()));
            case Preemption.Outcome.NotFound(String why) ->
                    new Decision.Nowhere(message + " preemption: " + why, fit.helpedBy());
        };
    }

    /**
     * The node meant for it, if that will do, otherwise the first of those with the most points.
     */
    private String best(PodView pod, Cluster cluster, List<NodeState> fitting) {
        Optional<NodeState> meant = cluster.node(pod.nominated()).filter(fitting::contains);
        if (meant.isPresent() || fitting.size() == 1) {
            return meant.orElseGet(fitting::getFirst).name();
        }
        long[] points = points(pod, cluster, fitting);
        int best = 0;
        for (int i = 1; i < points.length; i++) {
            best = points[i] > points[best] ? i : best;
        }
        return fitting.get(best).name();
    }

    private long[] points(PodView pod, Cluster cluster, List<NodeState> fitting) {
        long[] points = new long[fitting.size()];
        long[] scores = new long[fitting.size()];
        for (Score plugin : profile.scores()) {
            Optional<Score.NodeScore> prepared = plugin.prepare(pod, cluster, fitting);
            if (prepared.isEmpty()) {
                continue;
            }
            for (int i = 0; i < scores.length; i++) {
                scores[i] = prepared.get().of(fitting.get(i));
            }
            prepared.get().finish(scores, fitting);
            for (int i = 0; i < scores.length; i++) {
                points[i] += scores[i] * plugin.weight();
            }
        }
        return points;
    }
}
