package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the NoSchedule taints that say what a node's conditions and {@code spec.unschedulable} say.
 * Admission puts the first of them ({@code not-ready}) on every new node; it stays until the node
 * is Ready.
 */
public final class NodeTaintController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    public static final String NOT_READY = "node.kubernetes.io/not-ready";

    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final String EFFECT = "NoSchedule";
    private static final int WORKERS = 1;

    /** The taint of a condition that is True. */
    private static final Map<String, String> TROUBLE =
            Map.of(
                    "MemoryPressure", "node.kubernetes.io/memory-pressure",
                    "DiskPressure", "node.kubernetes.io/disk-pressure",
                    "PIDPressure", "node.kubernetes.io/pid-pressure",
                    "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

    private final Client client;
    private final Controller<ObjectKey> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public NodeTaintController(Client client, FeedReader reader) {
        this.client = client;
        this.controller = new Controller<>("node-taints", WORKERS, this);
        reader.listen(this);
    }

    public NodeTaintController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        if (item.resource().equals(BuiltinTypes.NODES.id())
                && !item.gone()
                && item.key().tenant().equals(Tenant.SYSTEM)) {
            controller.enqueue(item.key());
        }
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = client.find(BuiltinTypes.NODES, key);
        if (found.isEmpty() || Metadata.isBeingDeleted(found.get())) {
            return DONE;
        }
        ObjectNode node = found.get();
        ArrayNode taints = taints(node);
        if (!Json.same(node.path("spec").path("taints"), taints)
                && !(taints.isEmpty() && node.path("spec").path("taints").isEmpty())) {
            node.withObject("spec").set("taints", taints);
            client.update(BuiltinTypes.NODES, key.tenant(), node);
        }
        return DONE;
    }

    /** Others' taints stay as they are, and ours that hold keep their place. */
    private static ArrayNode taints(ObjectNode node) {
        Set<String> wanted = wanted(node);
        ArrayNode taints = Json.object().putArray("taints");
        for (JsonNode taint : node.path("spec").path("taints")) {
            String key = taint.path("key").asString("");
            boolean ours = taint.path("effect").asString("").equals(EFFECT) && isOurs(key);
            if (!ours || wanted.remove(key)) {
                taints.add(taint.deepCopy());
            }
        }
        wanted.forEach(key -> taints.addObject().put("key", key).put("effect", EFFECT));
        return taints;
    }

    private static boolean isOurs(String key) {
        return List.of(NOT_READY, UNREACHABLE, UNSCHEDULABLE).contains(key)
                || TROUBLE.containsValue(key);
    }

    private static Set<String> wanted(ObjectNode node) {
        Set<String> wanted = new LinkedHashSet<>();
        String ready = "False"; // a node that never said a word
        for (JsonNode condition : node.path("status").path("conditions")) {
            String type = condition.path("type").asString("");
            String status = condition.path("status").asString("");
            if (type.equals("Ready")) {
                ready = status;
            } else if (status.equals("True") && TROUBLE.containsKey(type)) {
                wanted.add(TROUBLE.getOrDefault(type, ""));
            }
        }
        switch (ready) {
            case "False" -> wanted.add(NOT_READY);
            case "Unknown" -> wanted.add(UNREACHABLE);
            default -> {}
        }
        if (node.path("spec").path("unschedulable").asBoolean(false)) {
            wanted.add(UNSCHEDULABLE);
        }
        return wanted;
    }
}
