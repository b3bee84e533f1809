package io.hypernetes.scheduler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where a pod goes, or why it goes nowhere, in upstream's words. */
sealed interface Placement {

    record On(String node) implements Placement {}

    /**
     * @param message for instance {@code 0/1 nodes are available: 1 Insufficient memory.}
     */
    record Nowhere(String message) implements Placement {}

    /** Of the nodes that pass all filters the one with the most left, then the first by name. */
    static Placement choose(ObjectNode pod, Amounts demand, List<NodeView> nodes) {
        JsonNode spec = pod.path("spec");
        List<NodeView> fitting = new ArrayList<>();
        TreeMap<String, Integer> reasons = new TreeMap<>();
        for (NodeView node : nodes) {
            List<String> against = reasonsAgainst(spec, demand, node);
            if (against.isEmpty()) {
                fitting.add(node);
            }
            against.forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        }
        return fitting.stream()
                .min(
                        Comparator.comparingLong((NodeView node) -> avoided(spec, node))
                                .thenComparing(node -> -freeShare(demand, node))
                                .thenComparing(NodeView::name))
                .<Placement>map(node -> new On(node.name()))
                .orElseGet(() -> new Nowhere(message(nodes.size(), reasons)));
    }

    private static String message(int nodes, TreeMap<String, Integer> reasons) {
        if (nodes == 0) {
            return "no nodes available to schedule pods";
        }
        return reasons.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .sorted()
                .collect(Collectors.joining(", ", "0/" + nodes + " nodes are available: ", "."));
    }

    /** As upstream: the first filter that refuses tells; that of resources tells all it misses. */
    private static List<String> reasonsAgainst(JsonNode spec, Amounts demand, NodeView node) {
        JsonNode tolerations = spec.path("tolerations");
        Taint cordon = new Taint(Taint.UNSCHEDULABLE, "", "NoSchedule");
        if (node.unschedulable() && !cordon.isToleratedBy(tolerations)) {
            return List.of("node(s) were unschedulable");
        }
        for (Taint taint : node.taints()) {
            if (taint.repels() && !taint.isToleratedBy(tolerations)) {
                return List.of(
                        "node(s) had untolerated taint {%s: %s}"
                                .formatted(taint.key(), taint.value()));
            }
        }
        if (!NodeSelection.matches(spec, node)) {
            return List.of("node(s) didn't match Pod's node affinity/selector");
        }
        return missing(demand, node);
    }

    private static List<String> missing(Amounts demand, NodeView node) {
        List<String> missing = new ArrayList<>();
        demand.byName()
                .forEach((name, amount) -> {
                    long free = node.allocatable().get(name) - node.used().get(name);
                    if (amount > 0 && amount > free) {
                        missing.add(
                                name.equals(Amounts.PODS)
                                        ? "Too many pods"
                                        : "Insufficient " + name);
                    }
                });
        return missing;
    }

    private static long avoided(JsonNode spec, NodeView node) {
        return node.taints().stream()
                .filter(taint -> !taint.repels())
                .filter(taint -> !taint.isToleratedBy(spec.path("tolerations")))
                .count();
    }

    /** The mean share of cpu and memory that stays free: upstream's LeastAllocated. */
    private static double freeShare(Amounts demand, NodeView node) {
        double sum = 0;
        for (String name : List.of(Amounts.CPU, Amounts.MEMORY)) {
            double all = node.allocatable().get(name);
            double free = all - node.used().get(name) - demand.get(name);
            sum += all > 0 ? Math.max(0, free / all) : 0;
        }
        return sum / 2;
    }
}
