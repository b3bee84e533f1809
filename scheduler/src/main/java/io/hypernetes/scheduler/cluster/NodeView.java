package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.placement.Taint;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node as the plug-ins see it; its heartbeats change nothing here.
 *
 * @param taints those of its spec, and what its Ready condition stands for
 * @param images bytes by name
 */
public record NodeView(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        boolean unschedulable,
        Amounts allocatable,
        Map<String, Long> images) {

    public static NodeView of(ObjectNode node) {
        return new NodeView(
                Metadata.name(node),
                Map.copyOf(Metadata.labels(node)),
                taints(node),
                node.path("spec").path("unschedulable").asBoolean(false),
                Amounts.parse(node.path("status").path("allocatable")),
                images(node.path("status").path("images")));
    }

    private static List<Taint> taints(ObjectNode node) {
        List<Taint> taints = new ArrayList<>();
        node.path("spec").path("taints").forEach(taint -> taints.add(Taint.of(taint)));
        String ready = readiness(node);
        if (!ready.equals("True")) {
            // What the node lifecycle controller puts on such a node, and may not have yet.
            String key = ready.equals("Unknown") ? Taint.UNREACHABLE : Taint.NOT_READY;
            Taint taint = new Taint(key, "", "NoSchedule");
            if (!taints.contains(taint)) {
                taints.add(taint);
            }
        }
        return List.copyOf(taints);
    }

    private static String readiness(ObjectNode node) {
        for (JsonNode condition : node.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("");
            }
        }
        return "";
    }

    private static Map<String, Long> images(JsonNode list) {
        Map<String, Long> images = new HashMap<>();
        for (JsonNode image : list) {
            for (JsonNode name : image.path("names")) {
                images.put(name.asString(""), image.path("sizeBytes").asLong(0));
            }
        }
        return Map.copyOf(images);
    }

    /** Whether it has a taint that scores against it. */
    public boolean isToAvoid() {
        return taints.stream().anyMatch(taint -> !taint.repels());
    }

    /** Empty when the node has no such label. */
    public String label(String key) {
        return labels.getOrDefault(key, "");
    }
}
