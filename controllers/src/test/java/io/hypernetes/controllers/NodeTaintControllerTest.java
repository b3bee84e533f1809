package io.hypernetes.controllers;

import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

final class NodeTaintControllerTest {
    private static final ObjectKey NODE = new ObjectKey(Tenant.SYSTEM, "", "n1");

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final NodeTaintController taints = new NodeTaintController(client, reader).start();

    @AfterEach
    void stop() {
        reader.close();
        taints.close();
    }

    private List<String> taints() {
        return client.get(BuiltinTypes.NODES, NODE)
                .path("spec")
                .path("taints")
                .valueStream()
                .map(t -> t.path("key").asString() + ":" + t.path("effect").asString())
                .toList();
    }

    private void condition(String type, String status) {
        ObjectNode node = client.get(BuiltinTypes.NODES, NODE);
        node.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", type)
                .put("status", status);
        client.updateStatus(BuiltinTypes.NODES, Tenant.SYSTEM, node);
    }

    @Test
    void taintsFollowConditionsAndOthersStay() {
        ObjectNode node = Json.object();
        node.putObject("metadata").put("name", "n1");
        node.putObject("spec")
                .putArray("taints")
                .addObject()
                .put("key", "team")
                .put("effect", "NoSchedule");
        client.create(BuiltinTypes.NODES, Tenant.SYSTEM, node);
        reader.start();

        await().until(() ->
                taints().equals(
                                List.of(
                                        "team:NoSchedule",
                                        NodeTaintController.NOT_READY + ":NoSchedule")));
        condition("Ready", "True");
        await().until(() -> taints().equals(List.of("team:NoSchedule")));
        condition("Ready", "Unknown");
        await().until(() ->
                taints().equals(
                                List.of(
                                        "team:NoSchedule",
                                        "node.kubernetes.io/unreachable:NoSchedule")));

        condition("Ready", "True");
        await().until(() -> taints().equals(List.of("team:NoSchedule")));
        ObjectNode cordoned = client.get(BuiltinTypes.NODES, NODE);
        cordoned.withObject("spec").put("unschedulable", true);
        client.update(BuiltinTypes.NODES, Tenant.SYSTEM, cordoned);
        await().until(() -> taints().contains("node.kubernetes.io/unschedulable:NoSchedule"));
    }
}
