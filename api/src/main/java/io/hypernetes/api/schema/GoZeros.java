package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;

/**
 * Treats zero values as Go does. Decoding takes a null for the zero value of what should be there;
 * encoding leaves out most fields that are zero ({@link ZeroValues}).
 */
public final class GoZeros {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GoZeros() {}

    /**
     * Removes declared fields that are null, or zero and left out by Go, and puts the zero value
     * for null items of lists and maps ({@code labels: {a: null}} is {@code labels: {a: ""}}), in
     * place. Values of any shape keep their nulls, and checked structs, which are no structs in Go,
     * their zeros.
     */
    public static void drop(Schema schema, ObjectNode object) {
        switch (schema) {
            case Schema.Struct struct -> {
                for (String name : new ArrayList<>(object.propertyNames())) {
                    Property property = struct.properties().get(name);
                    if (property == null) {
                        continue;
                    }
                    JsonNode value = object.get(name);
                    if (value.isNull() || ZeroValues.isLeftOut(struct, property, value)) {
                        object.remove(name);
                    } else {
                        inside(property.schema(), value);
                    }
                }
            }
            case Schema.MapOf map -> {
                Schema values = map.values().schema();
                for (String name : new ArrayList<>(object.propertyNames())) {
                    JsonNode value = object.get(name);
                    if (value.isNull()) {
                        object.set(name, zero(values));
                    } else {
                        inside(values, value);
                    }
                }
            }
            case Schema.ListOf _, Schema.Scalar _, Schema.Any _ -> {}
        }
    }

    private static void inside(Schema schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            drop(schema, object);
        } else if (value instanceof ArrayNode array && schema instanceof Schema.ListOf list) {
            Schema items = list.items().schema();
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i).isNull()) {
                    array.set(i, zero(items));
                } else {
                    inside(items, array.get(i));
                }
            }
        }
    }

    private static JsonNode zero(Schema schema) {
        return switch (schema) {
            case Schema.Struct _, Schema.MapOf _ -> NODES.objectNode();
            case Schema.ListOf _ -> NODES.arrayNode();
            case Schema.Any _ -> NODES.nullNode();
            case Schema.Scalar scalar ->
                    switch (scalar.type()) {
                        case STRING, BYTES -> NODES.stringNode("");
                        case BOOLEAN -> NODES.booleanNode(false);
                        case INT32, INT64, DOUBLE, INT_OR_STRING -> NODES.numberNode(0);
                        case QUANTITY -> NODES.stringNode("0");
                        case TIME, MICRO_TIME -> NODES.nullNode();
                    };
        };
    }
}
