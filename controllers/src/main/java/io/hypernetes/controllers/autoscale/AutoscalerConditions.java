package io.hypernetes.controllers.autoscale;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The conditions of one autoscaler as one look changes them; a status that stays keeps its time.
 */
final class AutoscalerConditions {

    private final Map<String, ObjectNode> byType = new LinkedHashMap<>();
    private final String now;

    AutoscalerConditions(JsonNode before, Instant now) {
        this.now = now.toString().substring(0, 19) + "Z";
        for (JsonNode condition : before) {
            if (condition instanceof ObjectNode known) {
                byType.put(condition.path("type").asString(""), known.deepCopy());
            }
        }
    }

    void set(String type, String status, String reason, String message) {
        ObjectNode condition = byType.computeIfAbsent(type, _ -> Json.object().put("type", type));
        if (!condition.path("status").asString("").equals(status)) {
            condition.put("lastTransitionTime", now);
        }
        condition.put("status", status).put("reason", reason).put("message", message);
    }

    ArrayNode toArray() {
        ArrayNode array = Json.object().putArray("conditions");
        byType.values().forEach(array::add);
        return array;
    }
}
