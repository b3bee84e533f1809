package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Columns.orNone;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What {@code kubectl get pods} shows. */
public final class PodColumns {

    public static final List<Column> ALL =
            List.of(
                    Column.of("Ready", pod -> PodSummary.of(pod).ready()),
                    Column.of("Status", pod -> PodSummary.of(pod).status()),
                    // A text, as upstream: "3 (5m ago)".
                    Column.of("Restarts", pod -> PodSummary.of(pod).restarts()),
                    Columns.age(),
                    Column.wide("IP", PodColumns::address),
                    Columns.wideOrNone("Node", "spec", "nodeName"),
                    Columns.wideOrNone("Nominated Node", "status", "nominatedNodeName"),
                    Column.wide("Readiness Gates", PodColumns::readinessGates));

    private PodColumns() {}

    private static String address(ObjectNode pod) {
        String first = Trees.at(pod, "status", "podIPs").path(0).path("ip").asString("");
        return orNone(first.isEmpty() ? Trees.text(pod, "status", "podIP") : first);
    }

    private static String readinessGates(ObjectNode pod) {
        List<ObjectNode> gates = Trees.objects(Trees.at(pod, "spec", "readinessGates"));
        if (gates.isEmpty()) {
            return "<none>";
        }
        long met =
                gates.stream()
                        .map(gate -> Trees.text(gate, "conditionType"))
                        .filter(type -> PodSummary.condition(pod, type))
                        .count();
        return met + "/" + gates.size();
    }
}
