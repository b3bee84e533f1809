package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** A custom resource's schema in the OpenAPI documents. */
final class CustomOpenApi {
    /** What version 2 has no words for, or means otherwise. */
    private static final List<String> ONLY_V3 =
            List.of("nullable", "oneOf", "anyOf", "not", "allOf", "default");

    /** What a definition that is open at its root keeps in version 2. */
    private static final Set<String> OF_ANY =
            Set.of("type", "x-kubernetes-group-version-kind", "x-kubernetes-selectable-fields");

    private CustomOpenApi() {}

    /**
     * The schema as it was given, with what every object has.
     *
     * @param described a built-in kind's definition, whose words for that are taken
     */
    static ObjectNode definition(JsonNode source, ResourceType type, ObjectNode described) {
        ObjectNode schema =
                source instanceof ObjectNode object
                        ? object.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.withObjectProperty("properties");
        JsonNode words = described.path("properties");
        envelope(properties, words);
        embedded(schema, words);
        selectable(schema, type.strategy().selectableFields());
        return schema;
    }

    /** Of a list of custom resources, for which the words of a built-in list are taken. */
    static ObjectNode list(ResourceType type, ObjectNode described) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("description", type.kind() + "List is a list of " + type.kind());
        list.put("type", "object").putArray("required").add("items");
        ObjectNode properties = list.putObject("properties");
        for (String field : List.of("apiVersion", "kind", "metadata")) {
            properties.set(field, described.at("/properties/" + field));
        }
        properties
                .putObject("items")
                .put("description", "List of " + type.id().resource() + ".")
                .put("type", "array")
                .putObject("items")
                .put("$ref", "#/definitions/" + type.schema().definition());
        selectable(list, type.strategy().selectableFields());
        return list;
    }

    private static void envelope(ObjectNode properties, JsonNode words) {
        for (String field : List.of("apiVersion", "kind", "metadata")) {
            properties.set(field, words.path(field).deepCopy());
        }
    }

    private static void embedded(JsonNode schema, JsonNode words) {
        if (schema instanceof ObjectNode object && isEmbedded(object)) {
            envelope(object.withObjectProperty("properties"), words);
            ArrayNode required = object.withArrayProperty("required");
            for (String field : List.of("kind", "apiVersion")) {
                if (required.valueStream().noneMatch(name -> name.asString("").equals(field))) {
                    required.add(field);
                }
            }
        }
        if (schema.isContainer()) {
            schema.forEach(child -> embedded(child, words));
        }
    }

    private static void selectable(ObjectNode schema, List<String> fields) {
        if (!fields.isEmpty()) {
            ArrayNode told = schema.putArray("x-kubernetes-selectable-fields");
            fields.forEach(field -> told.addObject().put("fieldPath", field));
        }
    }

    /**
     * The same in version 2, in place: clients that read it would refuse good objects by what they
     * do not understand, so it says less.
     */
    static void simplify(ObjectNode definition) {
        if (preserves(definition)) {
            // With any property, kubectl takes it for closed.
            definition.retain(OF_ANY);
        } else {
            simplifyBelow(definition);
        }
    }

    private static boolean preserves(ObjectNode schema) {
        return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                && !schema.has("$ref");
    }

    private static void simplifyBelow(ObjectNode schema) {
        if (preserves(schema)) {
            schema.remove(List.of("properties", "items"));
            if (isEmbedded(schema)) {
                schema.remove("required"); // what was added with the properties
            }
            if (isType(schema, "object")) {
                schema.remove("type");
            }
        }
        if (isNullable(schema)) {
            schema.remove(List.of("type", "properties", "items"));
        }
        if (isType(schema, "array") && !schema.has("items")) {
            schema.remove("type");
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            schema.remove("type");
        }
        schema.remove(ONLY_V3);
        if (schema.get("properties") instanceof ObjectNode properties) {
            if (schema.get("required") instanceof ArrayNode required) {
                required.removeIf(name -> isNullable(properties.path(name.asString(""))));
            }
            properties.forEach(CustomOpenApi::simplifyAny);
        }
        for (String field : List.of("items", "additionalProperties")) {
            simplifyAny(schema.path(field));
        }
        if (schema.get("required") instanceof ArrayNode required && required.isEmpty()) {
            schema.remove("required");
        }
    }

    private static void simplifyAny(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            simplifyBelow(object);
        }
    }

    private static boolean isEmbedded(JsonNode schema) {
        return schema.path("x-kubernetes-embedded-resource").asBoolean(false);
    }

    private static boolean isNullable(JsonNode schema) {
        return schema.path("nullable").asBoolean(false);
    }

    private static boolean isType(ObjectNode schema, String type) {
        return schema.path("type").asString("").equals(type);
    }
}
