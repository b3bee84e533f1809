package io.hypernetes.api.custom;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The conditions of an object's status, read and set as upstream sets them. */
public final class Conditions {
    private Conditions() {}

    public static boolean isTrue(ObjectNode object, String type) {
        return find(object, type).path("status").asString("").equals("True");
    }

    /** Missing when there is none. */
    public static JsonNode find(ObjectNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /**
     * Sets a condition, in place.
     *
     * @return whether that changed anything; the time changes only with the status
     */
    public static boolean set(
            ObjectNode object,
            String type,
            boolean holds,
            String reason,
            String message,
            Instant now) {
        ObjectNode condition =
                find(object, type) instanceof ObjectNode present ? present : added(object, type);
        String status = holds ? "True" : "False";
        boolean turned = !condition.path("status").asString("").equals(status);
        if (!turned
                && condition.path("reason").asString("").equals(reason)
                && condition.path("message").asString("").equals(message)) {
            return false;
        }
        if (turned) {
            condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition.put("status", status).put("reason", reason).put("message", message);
        return true;
    }

    private static ObjectNode added(ObjectNode object, String type) {
        ArrayNode conditions = object.withObjectProperty("status").withArrayProperty("conditions");
        return conditions.addObject().put("type", type);
    }

    /** Removes a condition; whether there was one. */
    public static boolean remove(ObjectNode object, String type) {
        if (object.path("status").path("conditions") instanceof ArrayNode conditions) {
            int before = conditions.size();
            conditions.removeIf(c -> c.path("type").asString("").equals(type));
            return conditions.size() < before;
        }
        return false;
    }
}
