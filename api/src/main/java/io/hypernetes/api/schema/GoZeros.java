package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;

/**
 * Treats zero values as Go does. Decoding takes a null for the zero value of what should be there;
 * encoding leaves out most fields that are zero ({@link ZeroValues}) and writes others though
 * nobody gave them ({@link AlwaysWritten}): {@code conditions: {}}, {@code eventTime: null}. Within
 * the server there are no such nulls: they are put back into what is stored and shown.
 */
public final class GoZeros {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GoZeros() {}

    /**
     * Removes declared fields that are null, or zero and left out by Go, adds the zeros other than
     * null that Go would write, and puts the zero value for null items of lists and maps ({@code
     * labels: {a: null}} is {@code labels: {a: ""}}), in place. Values of any shape keep their
     * nulls, and checked structs, which are no structs in Go, their zeros.
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
                    } else if (property.schema() instanceof Schema.Scalar scalar) {
                        GoScalars.rewritten(scalar, value)
                                .ifPresent(other -> object.set(name, other));
                    } else {
                        inside(property.schema(), value);
                    }
                }
                addZeros(struct, object);
            }
            case Schema.MapOf map -> {
                Schema values = map.values().schema();
                for (String name : new ArrayList<>(object.propertyNames())) {
                    JsonNode value = object.get(name);
                    if (value.isNull()) {
                        object.set(name, zero(values));
                    }
                    if (values instanceof Schema.Scalar scalar) {
                        GoScalars.rewritten(scalar, value)
                                .ifPresent(other -> object.set(name, other));
                    } else {
                        inside(values, object.get(name));
                    }
                }
            }
            case Schema.ListOf _, Schema.Scalar _, Schema.Any _ -> {}
        }
    }

    /** Of the fields of the object itself; what is in those that are there has its own. */
    static void addZeros(Schema.Struct struct, ObjectNode object) {
        AlwaysWritten.of(struct.definition())
                .forEach((name, zero) -> {
                    Property property = struct.properties().get(name);
                    if (property != null && !object.has(name) && isAdded(property, zero)) {
                        JsonNode added = zero.deepCopy();
                        object.set(name, added);
                        inside(property.schema(), added);
                    }
                });
    }

    /** Numbers that may be texts are always asked for, or have a default of their own. */
    private static boolean isAdded(Property property, JsonNode zero) {
        return !zero.isNull()
                && !(property.schema() instanceof Schema.Scalar scalar
                        && scalar.type() == ScalarType.INT_OR_STRING);
    }

    /** Adds the nulls that Go would write, in place, to what is decoded and has its defaults. */
    public static void addNulls(Schema schema, JsonNode value) {
        switch (schema) {
            case Schema.Struct struct when value instanceof ObjectNode object -> {
                AlwaysWritten.of(struct.definition())
                        .forEach((name, zero) -> {
                            if (zero.isNull() && !object.has(name)) {
                                object.putNull(name);
                            }
                        });
                object.properties()
                        .forEach(field -> {
                            Property property = struct.properties().get(field.getKey());
                            if (property != null && field.getValue().isContainer()) {
                                addNulls(property.schema(), field.getValue());
                            }
                        });
            }
            case Schema.MapOf map -> value.forEach(item -> addNulls(map.values().schema(), item));
            case Schema.ListOf list -> value.forEach(item -> addNulls(list.items().schema(), item));
            case Schema.Struct _, Schema.Scalar _, Schema.Any _ -> {}
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
                }
                inside(items, array.get(i));
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
