package io.hypernetes.api.custom;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** Fills in defaults, and treats nulls of values that may not be null. */
final class Defaulter {
    private Defaulter() {}

    /** A null that may not be one goes, and a default takes its place. Idempotent. */
    static void apply(Structural schema, ObjectNode object) {
        for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
            Structural field = schema.field(entry.getKey());
            if (field != null && isWrongNull(field, entry.getValue())) {
                JsonNode fallback = field.defaultValue();
                if (fallback == null) {
                    object.remove(entry.getKey());
                } else {
                    object.set(entry.getKey(), fallback.deepCopy());
                }
            }
        }
        schema.properties()
                .forEach((name, property) -> {
                    JsonNode value = property.defaultValue();
                    if (value != null && !object.has(name)) {
                        object.set(name, value.deepCopy());
                    }
                });
        Structural additional = schema.additional();
        for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
            Structural property = schema.properties().get(entry.getKey());
            if (property != null) {
                inside(property, entry.getValue());
            } else if (additional != null) {
                inside(additional, entry.getValue());
            }
        }
    }

    private static boolean isWrongNull(Structural schema, JsonNode value) {
        return value.isNull() && !schema.nullable();
    }

    private static void inside(Structural schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> apply(schema, object);
            case ArrayNode array -> {
                Structural items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    JsonNode fallback = items.defaultValue();
                    if (isWrongNull(items, array.get(i)) && fallback != null) {
                        array.set(i, fallback.deepCopy());
                    }
                    inside(items, array.get(i));
                }
            }
            default -> {}
        }
    }
}
