package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * Encodes an OpenAPI v2 tree as the message {@code openapi.v2.Document} of gnostic
 * (OpenAPIv2.proto), as far as our documents go. The numbers are that file's field numbers.
 */
final class OpenApiV2Protobuf {

    private OpenApiV2Protobuf() {}

    static byte[] encode(ObjectNode document) {
        JsonNode info = document.path("info");
        Wire paths = new Wire();
        document.path("paths")
                .forEachEntry((name, item) -> paths.message(2, named(name, path(item))));
        Wire definitions = new Wire();
        document.path("definitions")
                .forEachEntry((name, value) -> definitions.message(1, named(name, schema(value))));
        return new Wire()
                .text(1, document.path("swagger"))
                .message(2, new Wire().text(1, info.path("title")).text(2, info.path("version")))
                .message(8, paths)
                .message(9, definitions)
                .bytes();
    }

    private static Wire named(String name, Wire value) {
        return new Wire().text(1, name).message(2, value);
    }

    private static Wire path(JsonNode item) {
        Wire wire = new Wire();
        item.forEachEntry((method, operation) -> part(method, operation, wire));
        return wire;
    }

    private static void part(String method, JsonNode operation, Wire wire) {
        if (method.equals("parameters")) {
            operation.forEach(
                    parameter -> wire.message(9, new Wire().message(1, parameter(parameter))));
            return;
        }
        wire.message(
                switch (method) {
                    case "get" -> 2;
                    case "put" -> 3;
                    case "post" -> 4;
                    case "delete" -> 5;
                    case "options" -> 6;
                    case "head" -> 7;
                    case "patch" -> 8;
                    default ->
                            throw new IllegalArgumentException(
                                    "No field number for the method " + method);
                },
                operation(operation));
    }

    private static Wire operation(JsonNode operation) {
        Wire wire = new Wire();
        operation.path("tags").forEach(tag -> wire.text(1, tag));
        wire.text(3, operation.path("description")).text(5, operation.path("operationId"));
        operation.path("produces").forEach(type -> wire.text(6, type));
        operation.path("consumes").forEach(type -> wire.text(7, type));
        operation
                .path("parameters")
                .forEach(parameter -> wire.message(8, new Wire().message(1, parameter(parameter))));
        Wire responses = new Wire();
        operation
                .path("responses")
                .forEachEntry((code, response) -> {
                    Wire answer = new Wire().text(1, response.path("description"));
                    if (response.has("schema")) {
                        answer.message(2, new Wire().message(1, schema(response.path("schema"))));
                    }
                    responses.message(1, named(code, new Wire().message(1, answer)));
                });
        wire.message(9, responses);
        operation.path("schemes").forEach(scheme -> wire.text(10, scheme));
        return extensions(13, operation, wire);
    }

    private static Wire parameter(JsonNode parameter) {
        boolean required = parameter.path("required").asBoolean(false);
        JsonNode name = parameter.path("name");
        return switch (parameter.path("in").asString()) {
            case "body" ->
                    new Wire()
                            .message(
                                    1,
                                    new Wire()
                                            .text(2, name)
                                            .text(3, "body")
                                            .flag(4, required)
                                            .message(5, schema(parameter.path("schema"))));
            case "query" -> nonBody(3, 6, "query", name, required, parameter.path("type"));
            case "path" -> nonBody(4, 5, "path", name, required, parameter.path("type"));
            default -> throw new IllegalArgumentException("No field number for " + parameter);
        };
    }

    private static Wire nonBody(
            int kind, int typeField, String in, JsonNode name, boolean required, JsonNode type) {
        Wire details = new Wire().flag(1, required).text(2, in).text(4, name).text(typeField, type);
        return new Wire().message(2, new Wire().message(kind, details));
    }

    private static Wire schema(JsonNode schema) {
        Wire wire =
                new Wire()
                        .text(1, schema.path("$ref"))
                        .text(2, schema.path("format"))
                        .text(4, schema.path("description"));
        JsonNode defaultValue = schema.get("default");
        if (defaultValue != null) {
            wire.message(5, any(defaultValue));
        }
        schema.path("required").forEach(name -> wire.text(19, name));
        schema.path("enum").forEach(value -> wire.message(20, any(value)));
        if (schema.path("additionalProperties").isObject()) {
            wire.message(21, new Wire().message(1, schema(schema.path("additionalProperties"))));
        }
        if (schema.path("type").isString()) {
            wire.message(22, new Wire().text(1, schema.path("type")));
        }
        if (schema.path("items").isObject()) {
            wire.message(23, new Wire().message(1, schema(schema.path("items"))));
        }
        if (schema.path("properties").isObject()) {
            Wire properties = new Wire();
            schema.path("properties")
                    .forEachEntry(
                            (name, value) -> properties.message(1, named(name, schema(value))));
            wire.message(25, properties);
        }
        return extensions(31, schema, wire);
    }

    private static Wire extensions(int field, JsonNode from, Wire wire) {
        for (Map.Entry<String, JsonNode> entry : from.properties()) {
            if (entry.getKey().startsWith("x-")) {
                wire.message(field, named(entry.getKey(), any(entry.getValue())));
            }
        }
        return wire;
    }

    /** {@code Any} carries YAML, of which JSON is a part. */
    private static Wire any(JsonNode value) {
        return new Wire().text(2, value.toString());
    }
}
