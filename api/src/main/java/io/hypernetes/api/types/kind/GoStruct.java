package io.hypernetes.api.types.kind;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * A value as upstream's messages show it where they print a structure of its own: all of its
 * fields, under their names in Go, {@code null} where nothing is given.
 */
public final class GoStruct {

    private GoStruct() {}

    /**
     * @param fields their names in JSON, in the order of the structure
     */
    public static ObjectNode of(JsonNode value, List<String> fields) {
        ObjectNode shown = Json.object();
        for (String field : fields) {
            JsonNode part = value.path(field);
            shown.set(name(field), part.isMissingNode() ? shown.nullNode() : part);
        }
        return shown;
    }

    /** With those of the fields that are empty where nothing is given: they are no pointers. */
    public static ObjectNode empty(ObjectNode shown, JsonNode zero, String... fields) {
        for (String field : fields) {
            if (shown.path(name(field)).isNull()) {
                shown.set(name(field), zero);
            }
        }
        return shown;
    }

    /** With structures in it. */
    public static ObjectNode with(ObjectNode shown, String field, JsonNode inner) {
        shown.set(name(field), inner);
        return shown;
    }

    private static String name(String field) {
        return Character.toUpperCase(field.charAt(0)) + field.substring(1);
    }
}
