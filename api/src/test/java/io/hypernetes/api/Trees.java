package io.hypernetes.api;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/** Trees from texts; a single quote stands for a double one. */
public final class Trees {

    private Trees() {}

    public static ObjectNode object(String json) {
        return (ObjectNode) node(json);
    }

    public static JsonNode node(String json) {
        return Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
