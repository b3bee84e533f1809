package io.hypernetes.controllerruntime;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One of an object's conditions. Several controllers may write conditions of an object, each its
 * own, so that none may touch another's.
 *
 * @param status True, False or Unknown
 * @param reason one word in CamelCase
 */
public record StatusCondition(String type, String status, String reason, String message) {

    public static StatusCondition of(String type, boolean holds, String reason, String message) {
        return new StatusCondition(type, holds ? "True" : "False", reason, message);
    }

    /** Whether the object says this already. */
    public boolean isIn(ObjectNode object) {
        JsonNode known = find(object);
        return known.path("status").asString("").equals(status)
                && known.path("reason").asString("").equals(reason)
                && known.path("message").asString("").equals(message);
    }

    /** Whether this is another state than the object's, not only another text. */
    public boolean isNews(ObjectNode object) {
        return !find(object).path("reason").asString("").equals(reason);
    }

    /** Puts it into the object's status; the time of transition is now only if it is one. */
    public void put(ObjectNode object, Instant now) {
        JsonNode known = find(object);
        String since = known.path("lastTransitionTime").asString("");
        boolean turned = !known.path("status").asString("").equals(status) || since.isEmpty();
        ObjectNode state = object.withObject("status");
        ArrayNode conditions =
                state.get("conditions") instanceof ArrayNode present
                        ? present
                        : state.putArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.path(i).path("type").asString("").equals(type)) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put(
                        "lastTransitionTime",
                        turned ? now.truncatedTo(ChronoUnit.SECONDS).toString() : since);
    }

    private JsonNode find(ObjectNode object) {
        JsonNode conditions = object.path("status").path("conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asString("").equals(type)) {
                return condition;
            }
        }
        return conditions.path(-1);
    }
}
