package io.hypernetes.controllers.workload;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The conditions in a status that is being written: one of a type, with their times kept true. */
record Conditions(ArrayNode list, String now) {

    /** Those that the object has, to be changed apart from it. */
    static Conditions of(ObjectNode object, Instant now) {
        return new Conditions(
                object.path("status").get("conditions") instanceof ArrayNode present
                        ? present.deepCopy()
                        : Json.object().putArray("conditions"),
                now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    Optional<ObjectNode> find(String type) {
        for (JsonNode condition : list) {
            if (condition instanceof ObjectNode object
                    && object.path("type").asString("").equals(type)) {
                return Optional.of(object);
            }
        }
        return Optional.empty();
    }

    String reason(String type) {
        return find(type).map(condition -> condition.path("reason").asString("")).orElse("");
    }

    /** Says it, unless the condition has this status for this reason already. */
    void set(String type, boolean holds, String reason, String message) {
        set(type, holds ? "True" : "False", reason, message);
    }

    void set(String type, String status, String reason, String message) {
        boolean said =
                find(type)
                        .filter(c -> c.path("status").asString("").equals(status))
                        .filter(c -> c.path("reason").asString("").equals(reason))
                        .isPresent();
        if (!said) {
            renew(type, status, reason, message);
        }
    }

    /** Says it anew: the time of the update is now, that of the transition only if it is one. */
    void renew(String type, String status, String reason, String message) {
        String since =
                find(type)
                        .filter(c -> c.path("status").asString("").equals(status))
                        .map(c -> c.path("lastTransitionTime").asString(now))
                        .orElse(now);
        remove(type);
        list.addObject()
                .put("type", type)
                .put("status", status)
                .put("lastUpdateTime", now)
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
    }

    void remove(String type) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.path(i).path("type").asString("").equals(type)) {
                list.remove(i);
            }
        }
    }

    /** Takes over a condition as another object has it. */
    void copy(ObjectNode condition) {
        remove(condition.path("type").asString(""));
        list.add(condition.deepCopy());
    }
}
