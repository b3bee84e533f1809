package io.hypernetes.controllers;

import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;

final class FlowSchemaControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final FlowSchemaController controller =
            new FlowSchemaController(client, reader, Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        reader.close();
        controller.close();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(ACME, "", name);
    }

    private void create(ResourceType type, String name, String level) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        object.putObject("spec").putObject("priorityLevelConfiguration").put("name", level);
        client.create(type, ACME, object);
    }

    private String dangling() {
        var condition =
                Conditions.find(client.get(BuiltinTypes.FLOW_SCHEMAS, key("f")), "Dangling");
        return condition.path("status").asString("") + " " + condition.path("reason").asString("");
    }

    @Test
    void aSchemaSaysWhetherItsLevelIsThere() {
        reader.start();
        create(BuiltinTypes.FLOW_SCHEMAS, "f", "mine");
        await().atMost(LONG).until(() -> dangling().equals("True NotFound"));
        create(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, "mine", "");
        await().atMost(LONG).until(() -> dangling().equals("False Found"));
        client.delete(
                BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, key("mine"), DeleteOptions.DEFAULT);
        await().atMost(LONG).until(() -> dangling().equals("True NotFound"));
    }
}
