package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Map;

/** Walks a tree beside its schema and calls for each field that the schema does not declare. */
final class FieldWalk {

    /** What is done with an unknown field. */
    interface Visitor {
        /**
         * @param path of the field, for instance {@code spec.containers[0].foo}
         */
        void unknown(ObjectNode parent, String name, String path);
    }

    private final Visitor visitor;

    FieldWalk(Visitor visitor) {
        this.visitor = visitor;
    }

    void walk(Schema schema, JsonNode value, String path) {
        switch (schema) {
            case Schema.Struct struct when value instanceof ObjectNode object ->
                    walkStruct(struct, object, path);
            case Schema.MapOf map when value instanceof ObjectNode object ->
                    object.forEachEntry(
                            (name, item) -> walk(map.values().schema(), item, join(path, name)));
            case Schema.ListOf list when value instanceof ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    walk(list.items().schema(), array.get(i), path + "[" + i + "]");
                }
            }
            case Schema.Struct _,
                    Schema.MapOf _,
                    Schema.ListOf _,
                    Schema.Scalar _,
                    Schema.Any _ -> {}
        }
    }

    private void walkStruct(Schema.Struct struct, ObjectNode object, String path) {
        for (String name : new ArrayList<>(object.propertyNames())) {
            Property property = struct.properties().get(name);
            if (property != null) {
                walk(property.schema(), object.get(name), join(path, name));
            } else if (!struct.preservesUnknown()) {
                visitor.unknown(object, name, join(path, name));
            }
        }
    }

    /** Whether there is any; without paths, for nearly no object has one. */
    static boolean findsUnknown(Schema schema, JsonNode value) {
        switch (schema) {
            case Schema.Struct struct when value instanceof ObjectNode object -> {
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    Property property = struct.properties().get(field.getKey());
                    if (property == null
                            ? !struct.preservesUnknown()
                            : findsUnknown(property.schema(), field.getValue())) {
                        return true;
                    }
                }
                return false;
            }
            case Schema.MapOf map when value instanceof ObjectNode object -> {
                return anyUnknown(map.values().schema(), object);
            }
            case Schema.ListOf list when value instanceof ArrayNode array -> {
                return anyUnknown(list.items().schema(), array);
            }
            case Schema.Struct _,
                    Schema.MapOf _,
                    Schema.ListOf _,
                    Schema.Scalar _,
                    Schema.Any _ -> {
                return false;
            }
        }
    }

    private static boolean anyUnknown(Schema schema, JsonNode values) {
        if (schema instanceof Schema.Scalar) {
            return false;
        }
        for (JsonNode value : values) {
            if (findsUnknown(schema, value)) {
                return true;
            }
        }
        return false;
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
