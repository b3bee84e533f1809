package io.hypernetes.scheduler.decision;

import io.hypernetes.scheduler.plugin.Refusal;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts reasons over the nodes and tells them as upstream does. Belongs to one decision. */
final class Reasons {

    private final Map<String, Integer> counts = new HashMap<>();

    void add(Refusal refusal) {
        refusal.reasons().forEach(this::add);
    }

    void add(String reason) {
        counts.merge(reason, 1, Integer::sum);
    }

    String tell(int nodes) {
        return counts.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .sorted()
                .collect(Collectors.joining(", ", none(nodes), "."));
    }

    static String none(int nodes) {
        return "0/" + nodes + " nodes are available: ";
    }
}
