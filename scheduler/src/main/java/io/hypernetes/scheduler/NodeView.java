package io.hypernetes.scheduler;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node as the filters see it.
 *
 * @param taints those of its spec, and what its Ready condition stands for
 * @param used by the pods that are bound to it
 */
record NodeView(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        boolean unschedulable,
        Amounts allocatable,
        Amounts used) {

    static NodeView of(ObjectNode node, Amounts used) {
        List<Taint> taints = new ArrayList<>();
        node.path("spec").path("taints").forEach(taint -> taints.add(Taint.of(taint)));
        String ready = readiness(node);
        if (!ready.equals("True")) {
            // What upstream's node lifecycle controller puts on such a node.
            String key = ready.equals("Unknown") ? Taint.UNREACHABLE : Taint.NOT_READY;
            taints.add(new Taint(key, "", "NoSchedule"));
        }
        return new NodeView(
                Metadata.name(node),
                Metadata.labels(node),
                List.copyOf(taints),
                node.path("spec").path("unschedulable").asBoolean(false),
                Amounts.parse(node.path("status").path("allocatable")),
                used);
    }

    private static String readiness(ObjectNode node) {
        for (JsonNode condition : node.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("");
            }
        }
        return "";
    }
}
