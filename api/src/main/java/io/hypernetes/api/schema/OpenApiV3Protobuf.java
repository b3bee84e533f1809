package io.hypernetes.api.schema;

import static java.util.Map.entry;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.function.Function;

/**
 * Encodes an OpenAPI v3 tree as the message {@code openapi.v3.Document} of gnostic
 * (OpenAPIv3.proto), as far as our documents go: a table for each message, of the names in JSON
 * with that file's field numbers.
 */
final class OpenApiV3Protobuf {

    /** How a value of the tree becomes a field of a message. */
    private interface Encoding {
        void write(Wire wire, int number, JsonNode value);
    }

    private record Field(int number, Encoding encoding) {}

    /** A message; {@code extensions} is the number of the fields whose names begin with x-. */
    private record Message(int extensions, Map<String, Field> fields) {

        Wire of(JsonNode tree) {
            Wire wire = new Wire();
            tree.forEachEntry((name, value) -> {
                Field field = fields.get(name);
                if (field != null) {
                    field.encoding().write(wire, field.number(), value);
                } else if (name.startsWith("x-")) {
                    wire.message(extensions, named(name, any(value)));
                }
            });
            return wire;
        }
    }

    private static final Encoding TEXT = Wire::text;
    private static final Encoding FLAG =
            (wire, number, value) -> wire.flag(number, value.asBoolean(false));
    private static final Encoding INTEGER =
            (wire, number, value) -> wire.integer(number, value.asLong(0));
    private static final Encoding DOUBLE =
            (wire, number, value) -> wire.decimal(number, value.asDouble(0));
    private static final Encoding ANY = one(OpenApiV3Protobuf::any);
    private static final Encoding SCHEMAS = each(one(OpenApiV3Protobuf::schemaOrReference));

    private static final Message EXTERNAL_DOCS =
            new Message(3, Map.of("description", text(1), "url", text(2)));

    private static final Message SCHEMA =
            new Message(
                    36,
                    Map.ofEntries(
                            entry("nullable", new Field(1, FLAG)),
                            entry("externalDocs", new Field(6, one(EXTERNAL_DOCS::of))),
                            entry("example", new Field(7, ANY)),
                            entry("title", text(9)),
                            entry("multipleOf", new Field(10, DOUBLE)),
                            entry("maximum", new Field(11, DOUBLE)),
                            entry("exclusiveMaximum", new Field(12, FLAG)),
                            entry("minimum", new Field(13, DOUBLE)),
                            entry("exclusiveMinimum", new Field(14, FLAG)),
                            entry("maxLength", new Field(15, INTEGER)),
                            entry("minLength", new Field(16, INTEGER)),
                            entry("pattern", text(17)),
                            entry("maxItems", new Field(18, INTEGER)),
                            entry("minItems", new Field(19, INTEGER)),
                            entry("uniqueItems", new Field(20, FLAG)),
                            entry("maxProperties", new Field(21, INTEGER)),
                            entry("minProperties", new Field(22, INTEGER)),
                            entry("required", new Field(23, each(TEXT))),
                            entry("enum", new Field(24, each(ANY))),
                            entry("type", text(25)),
                            entry("allOf", new Field(26, SCHEMAS)),
                            entry("oneOf", new Field(27, SCHEMAS)),
                            entry("anyOf", new Field(28, SCHEMAS)),
                            entry("not", new Field(29, one(OpenApiV3Protobuf::schema))),
                            entry("items", new Field(30, one(OpenApiV3Protobuf::items))),
                            entry("properties", map(31, OpenApiV3Protobuf::schemaOrReference)),
                            entry("additionalProperties", new Field(32, one(v -> others(v)))),
                            entry("default", new Field(33, one(v -> defaultValue(v)))),
                            entry("description", text(34)),
                            entry("format", text(35))));

    private static final Message MEDIA_TYPE =
            new Message(
                    5, Map.of("schema", new Field(1, one(OpenApiV3Protobuf::schemaOrReference))));

    private static final Message RESPONSE =
            new Message(5, Map.of("description", text(1), "content", map(3, MEDIA_TYPE::of)));

    private static final Message REQUEST_BODY =
            new Message(
                    4,
                    Map.of(
                            "description", text(1),
                            "content", map(2, MEDIA_TYPE::of),
                            "required", new Field(3, FLAG)));

    private static final Message PARAMETER =
            new Message(
                    14,
                    Map.of(
                            "name", text(1),
                            "in", text(2),
                            "description", text(3),
                            "required", new Field(4, FLAG),
                            "schema", new Field(10, one(OpenApiV3Protobuf::schemaOrReference))));

    private static final Encoding PARAMETERS = each(one(v -> either(v, PARAMETER::of)));

    private static final Message OPERATION =
            new Message(
                    13,
                    Map.of(
                            "tags", new Field(1, each(TEXT)),
                            "description", text(3),
                            "operationId", text(5),
                            "parameters", new Field(6, PARAMETERS),
                            "requestBody", new Field(7, one(v -> either(v, REQUEST_BODY::of))),
                            "responses", new Field(8, one(v -> responses(v)))));

    private static final Encoding METHOD = one(OPERATION::of);

    private static final Message PATH =
            new Message(
                    14,
                    Map.of(
                            "get", new Field(4, METHOD),
                            "put", new Field(5, METHOD),
                            "post", new Field(6, METHOD),
                            "delete", new Field(7, METHOD),
                            "options", new Field(8, METHOD),
                            "head", new Field(9, METHOD),
                            "patch", new Field(10, METHOD),
                            "parameters", new Field(13, PARAMETERS)));

    private static final Message INFO =
            new Message(7, Map.of("title", text(1), "version", text(6)));

    private static final Message COMPONENTS =
            new Message(10, Map.of("schemas", map(1, OpenApiV3Protobuf::schemaOrReference)));

    private static final Message DOCUMENT =
            new Message(
                    9,
                    Map.of(
                            "openapi",
                            text(1),
                            "info",
                            new Field(2, one(INFO::of)),
                            "paths",
                            map(4, PATH::of),
                            "components",
                            new Field(5, one(COMPONENTS::of))));

    private OpenApiV3Protobuf() {}

    static byte[] encode(JsonNode document) {
        return DOCUMENT.of(document).bytes();
    }

    private static Field text(int number) {
        return new Field(number, TEXT);
    }

    private static Encoding one(Function<JsonNode, Wire> message) {
        return (wire, number, value) -> wire.message(number, message.apply(value));
    }

    private static Encoding each(Encoding encoding) {
        return (wire, number, values) ->
                values.forEach(value -> encoding.write(wire, number, value));
    }

    /** gnostic's maps are messages of pairs, all with the number 1. */
    private static Field map(int number, Function<JsonNode, Wire> message) {
        return new Field(
                number,
                one(values -> {
                    Wire pairs = new Wire();
                    values.forEachEntry(
                            (name, value) -> pairs.message(1, named(name, message.apply(value))));
                    return pairs;
                }));
    }

    private static Wire named(String name, Wire value) {
        return new Wire().text(1, name).message(2, value);
    }

    /** {@code Any} carries YAML, of which JSON is a part. */
    private static Wire any(JsonNode value) {
        return new Wire().text(2, value.toString());
    }

    private static Wire either(JsonNode value, Function<JsonNode, Wire> message) {
        JsonNode reference = value.path("$ref");
        return reference.isString()
                ? new Wire().message(2, new Wire().text(1, reference))
                : new Wire().message(1, message.apply(value));
    }

    private static Wire schema(JsonNode value) {
        return SCHEMA.of(value);
    }

    private static Wire schemaOrReference(JsonNode value) {
        return either(value, OpenApiV3Protobuf::schema);
    }

    private static Wire items(JsonNode value) {
        return new Wire().message(1, schemaOrReference(value));
    }

    private static Wire others(JsonNode value) {
        return value.isBoolean()
                ? new Wire().integer(2, value.asBoolean() ? 1 : 0)
                : new Wire().message(1, schemaOrReference(value));
    }

    /** Only scalars fit; of an object or array gnostic keeps that there is a default. */
    private static Wire defaultValue(JsonNode value) {
        Wire wire = new Wire();
        return switch (value.getNodeType()) {
            case NUMBER -> wire.decimal(1, value.asDouble());
            case BOOLEAN -> wire.integer(2, value.asBoolean() ? 1 : 0);
            case STRING -> wire.choice(3, value.asString());
            default -> wire;
        };
    }

    private static Wire responses(JsonNode responses) {
        Wire wire = new Wire();
        responses.forEachEntry((code, response) -> {
            Wire answer = either(response, RESPONSE::of);
            if (code.equals("default")) {
                wire.message(1, answer);
            } else {
                wire.message(2, named(code, answer));
            }
        });
        return wire;
    }
}
