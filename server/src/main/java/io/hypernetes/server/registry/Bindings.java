package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** Puts a pod on a node: {@code pods/binding}. */
public final class Bindings {
    private Bindings() {}

    /**
     * @param binding a {@code Binding}, or its {@code target} alone. Throws BadRequest.
     * @return the change to the pod; it throws Conflict when the pod has a node or is going
     */
    public static Consumer<ObjectNode> of(ObjectNode binding) {
        String kind = binding.path("target").path("kind").asString("");
        String node = binding.path("target").path("name").asString("");
        if (node.isEmpty() || !(kind.isEmpty() || kind.equals("Node"))) {
            throw ApiException.badRequest("a binding's target is a Node with a name");
        }
        return pod -> bind(pod, node, binding.path("metadata"));
    }

    private static void bind(ObjectNode pod, String node, JsonNode metadata) {
        String name = Metadata.name(pod);
        if (Metadata.isBeingDeleted(pod)) {
            throw ApiException.conflict(
                    BuiltinTypes.PODS.id(),
                    name,
                    "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        String present = pod.path("spec").path("nodeName").asString("");
        if (!present.isEmpty()) {
            throw ApiException.conflict(
                    BuiltinTypes.PODS.id(),
                    name,
                    "pod " + name + " is already assigned to node \"" + present + "\"");
        }
        ((ObjectNode) pod.get("spec")).put("nodeName", node);
        if (metadata.get("annotations") instanceof ObjectNode given && !given.isEmpty()) {
            Metadata.ensureAnnotations(pod).setAll(given);
        }
        if (metadata.get("labels") instanceof ObjectNode given) {
            // Where the node stands; what the pod says of itself stays.
            given.forEachEntry((key, value) -> {
                if (!Metadata.labels(pod).containsKey(key)) {
                    Metadata.ensureLabels(pod).set(key, value);
                }
            });
        }
        setScheduled(pod);
    }

    private static void setScheduled(ObjectNode pod) {
        ObjectNode status =
                pod.get("status") instanceof ObjectNode present ? present : pod.putObject("status");
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present
                        ? present
                        : status.putArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asString("").equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        ObjectNode scheduled = conditions.addObject();
        scheduled.put("type", "PodScheduled").put("status", "True");
        scheduled.put(
                "lastTransitionTime", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
