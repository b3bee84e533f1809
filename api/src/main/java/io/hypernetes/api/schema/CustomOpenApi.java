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
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    /** What version 2 has no words for, or means otherwise. */
    private static final List<String> ONLY_V3 =
            List.of("nullable", "oneOf", "anyOf", "not", "allOf");

    /** What a definition that is open at its root keeps in version 2. */
    private static final Set<String> OF_ANY =
            Set.of("type", "x-kubernetes-group-version-kind", "x-kubernetes-selectable-fields");

    private CustomOpenApi() {}

    /** The schema as it was given, with what every object has. */
    static ObjectNode definition(JsonNode source, ResourceType type) {
        ObjectNode schema =
                source instanceof ObjectNode object
                        ? object.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.withObjectProperty("properties");
        envelope(properties);
        properties
                .putObject("metadata")
                .put("description", "Standard object's metadata.")
                .put("$ref", "#/definitions/" + META);
        embedded(schema);
        return schema;
    }

    private static void envelope(ObjectNode properties) {
        properties
                .putObject("apiVersion")
                .put(
                        "description",
                        "APIVersion defines the versioned schema of this representation of an"
                                + " object.")
                .put("type", "string");
        properties
                .putObject("kind")
                .put("description", "Kind is the REST resource this object represents.")
                .put("type", "string");
    }

    private static void embedded(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("x-kubernetes-embedded-resource").asBoolean(false)) {
            ObjectNode properties = object.withObjectProperty("properties");
            envelope(properties);
            properties.putObject("metadata").put("$ref", "#/definitions/" + META);
        }
        if (schema.isContainer()) {
            schema.forEach(CustomOpenApi::embedded);
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

    private static boolean isNullable(JsonNode schema) {
        return schema.path("nullable").asBoolean(false);
    }

    private static boolean isType(ObjectNode schema, String type) {
        return schema.path("type").asString("").equals(type);
    }
}
