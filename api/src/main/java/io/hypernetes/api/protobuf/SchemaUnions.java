package io.hypernetes.api.protobuf;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.WireFields.Field;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * How values of no fixed shape are written: mostly as JSON in field 1, but within the schemas of
 * custom resources as what they are, one of two: a schema or a flag, a list, a list of names.
 */
final class SchemaUnions {
    static final String SCHEMA =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

    private SchemaUnions() {}

    /** A field of the message. */
    sealed interface Part {}

    record Flag(int number, boolean flag) implements Part {}

    record Text(int number, String text) implements Part {}

    record Raw(int number, byte[] json) implements Part {}

    record Nested(int number, JsonNode schema) implements Part {}

    /** Which of the unions a message is; empty for one that holds JSON. */
    static String union(String message) {
        int at = message.lastIndexOf(".JSONSchemaPropsOr");
        return at < 0 ? "" : message.substring(at + ".JSONSchemaPropsOr".length());
    }

    /** The message of a map's values where the schema says nothing of them. */
    static String ofMap(Field field) {
        return field.name().equals("dependencies") ? SCHEMA + "OrStringArray" : "";
    }

    static List<Part> parts(String message, JsonNode value) {
        return switch (union(message)) {
            case "Bool" ->
                    value.isBoolean()
                            ? List.of(new Flag(1, value.booleanValue()))
                            : List.of(new Flag(1, true), new Nested(2, value));
            case "Array" -> value.isArray() ? nested(value) : List.of(new Nested(1, value));
            case "StringArray" -> value.isArray() ? texts(value) : List.of(new Nested(1, value));
            default -> List.of(new Raw(1, Json.write(value)));
        };
    }

    private static List<Part> nested(JsonNode schemas) {
        List<Part> parts = new ArrayList<>();
        schemas.forEach(schema -> parts.add(new Nested(2, schema)));
        return parts;
    }

    private static List<Part> texts(JsonNode names) {
        List<Part> parts = new ArrayList<>();
        names.forEach(name -> parts.add(new Text(2, name.asString(""))));
        return parts;
    }

    /** Reads a schema that stands in a union. */
    interface SchemaReader {
        ObjectNode read(WireReader in);
    }

    /** The inverse of {@link #parts} for a union. */
    static JsonNode read(String union, WireReader in, SchemaReader schemas) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        JsonNode single = list;
        while (in.hasMore()) {
            int tag = in.tag();
            if (union.equals("Bool") && tag == (1 << 3 | WireReader.VARINT)) {
                JsonNode flag = JsonNodeFactory.instance.booleanNode(in.varint() != 0);
                single = single.isObject() ? single : flag;
            } else if (tag == ((union.equals("Bool") ? 2 : 1) << 3 | WireReader.BYTES)) {
                single = schemas.read(in.nested());
            } else if (tag == (2 << 3 | WireReader.BYTES)) {
                list.add(
                        union.equals("Array")
                                ? schemas.read(in.nested())
                                : JsonNodeFactory.instance.stringNode(in.text()));
            } else {
                in.skip(tag & 7);
            }
        }
        return single;
    }
}
