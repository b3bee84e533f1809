package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fills in the defaults that a schema's markers declare. */
public final class SchemaDefaults {

    private SchemaDefaults() {}

    /** Sets every absent field that has a default, in place. Idempotent. */
    public static void apply(Schema schema, ObjectNode object) {
        switch (schema) {
            case Schema.Struct struct -> {
                // Of the many fields that a kind has an object has few.
                for (Property property : struct.properties().values()) {
                    JsonNode value = object.get(property.name());
                    if (value == null && property.hasDefault()) {
                        value =
                                property.defaultValue()
                                        .filter(zero -> matters(struct, property, zero))
                                        .orElse(null);
                        if (value != null) {
                            object.set(property.name(), value);
                        }
                    }
                    if (value != null && value.isContainer()) {
                        inside(property.schema(), value);
                    }
                }
            }
            case Schema.MapOf map ->
                    object.values().forEach(value -> inside(map.values().schema(), value));
            case Schema.ListOf _, Schema.Scalar _, Schema.Any _ -> {}
        }
    }

    private static void inside(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> apply(schema, object);
            case ArrayNode array when schema instanceof Schema.ListOf list ->
                    array.forEach(item -> inside(list.items().schema(), item));
            default -> {}
        }
    }

    /** What Go leaves out when it encodes would show what nobody wrote. */
    private static boolean matters(Schema.Struct struct, Property property, JsonNode value) {
        return !(value.isString() && value.asString().isEmpty())
                && !ZeroValues.isLeftOut(struct, property, value);
    }
}
