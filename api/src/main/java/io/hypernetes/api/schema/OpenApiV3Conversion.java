package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Turns an OpenAPI v2 tree into version 3. */
final class OpenApiV3Conversion {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private OpenApiV3Conversion() {}

    static ObjectNode convert(ObjectNode v2) {
        ObjectNode v3 = NODES.objectNode();
        v3.put("openapi", "3.0.0");
        v3.set("info", v2.get("info"));
        ObjectNode paths = v3.putObject("paths");
        v2.path("paths")
                .forEachEntry((path, item) ->
                        item.forEachEntry((method, operation) -> {
                            ObjectNode converted = paths.withObjectProperty(path);
                            if (method.equals("parameters")) {
                                parameters(operation, operation, converted);
                            } else {
                                converted.set(method, operation(operation));
                            }
                        }));
        ObjectNode schemas = v3.putObject("components").putObject("schemas");
        v2.path("definitions")
                .forEachEntry(
                        (name, definition) -> schemas.set(name, definition(name, definition)));
        return v3;
    }

    private static ObjectNode operation(JsonNode v2) {
        ObjectNode v3 = NODES.objectNode();
        for (Map.Entry<String, JsonNode> entry : v2.properties()) {
            switch (entry.getKey()) {
                case "parameters" -> parameters(entry.getValue(), v2.path("consumes"), v3);
                case "responses" ->
                        responses(entry.getValue(), v2.path("produces"), v3.putObject("responses"));
                case "consumes", "produces", "schemes" -> {}
                default -> v3.set(entry.getKey(), entry.getValue());
            }
        }
        return v3;
    }

    private static void parameters(JsonNode parameters, JsonNode consumes, ObjectNode operation) {
        ArrayNode list = operation.putArray("parameters");
        for (JsonNode parameter : parameters) {
            if (parameter.path("in").asString("").equals("body")) {
                ObjectNode content = operation.putObject("requestBody").putObject("content");
                for (JsonNode type : consumes) {
                    content.putObject(type.asString())
                            .set("schema", value(parameter.path("schema")));
                }
            } else {
                ObjectNode converted = list.addObject();
                converted.set("name", parameter.get("name"));
                converted.set("in", parameter.get("in"));
                if (parameter.path("required").asBoolean(false)) {
                    converted.put("required", true);
                }
                ObjectNode schema = converted.putObject("schema");
                schema.set("type", parameter.get("type"));
                schema.put("uniqueItems", true);
            }
        }
    }

    private static void responses(JsonNode v2, JsonNode produces, ObjectNode v3) {
        v2.forEachEntry((code, response) -> {
            ObjectNode converted = v3.putObject(code);
            converted.set("description", response.get("description"));
            if (response.has("schema")) {
                ObjectNode content = converted.putObject("content");
                for (JsonNode type : produces) {
                    content.putObject(type.asString())
                            .set("schema", value(response.path("schema")));
                }
            }
        });
    }

    private static JsonNode definition(String name, JsonNode v2) {
        if (name.endsWith(".intstr.IntOrString") || name.endsWith(".api.resource.Quantity")) {
            ObjectNode either = NODES.objectNode();
            either.set("description", v2.path("description"));
            if (v2.has("format")) {
                either.set("format", v2.get("format"));
            }
            ArrayNode oneOf = either.putArray("oneOf");
            oneOf.addObject().put("type", name.endsWith("IntOrString") ? "integer" : "number");
            oneOf.addObject().put("type", "string");
            return either;
        }
        return value(v2);
    }

    /** References move; beside a reference nothing else may stand in version 3. */
    private static JsonNode value(JsonNode v2) {
        if (v2 instanceof ArrayNode array) {
            ArrayNode converted = NODES.arrayNode();
            array.forEach(item -> converted.add(value(item)));
            return converted;
        }
        if (!(v2 instanceof ObjectNode object)) {
            return v2;
        }
        ObjectNode converted = NODES.objectNode();
        JsonNode reference = object.get("$ref");
        boolean refers = reference != null && reference.isString();
        object.forEachEntry((name, child) -> {
            if (!refers || !name.equals("$ref")) {
                converted.set(name, value(child));
            }
        });
        if (refers) {
            String moved = reference.asString().replace("#/definitions/", "#/components/schemas/");
            if (converted.isEmpty()) {
                converted.put("$ref", moved);
            } else {
                converted.putArray("allOf").addObject().put("$ref", moved);
            }
        }
        return converted;
    }
}
