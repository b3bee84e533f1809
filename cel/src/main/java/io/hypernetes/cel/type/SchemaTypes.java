package io.hypernetes.cel.type;

import io.hypernetes.cel.type.DeclaredType.Field;
import io.hypernetes.cel.type.DeclaredType.Kind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Types of structural schemas ({@code JSONSchemaProps}). What has no type in the schema does not
 * exist in CEL: unknown fields, and lists and maps of them.
 */
public final class SchemaTypes {
    private static final long MAX = DeclaredType.MAX_REQUEST;

    private SchemaTypes() {}

    /**
     * @param root of a resource, or of an embedded one: it has kind, apiVersion and the names in
     *     its metadata whatever the schema says
     */
    public static Optional<DeclaredType> of(JsonNode schema, boolean root) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return Optional.of(
                    DeclaredType.scalar(
                            Kind.DYN, maxLength(schema).map(n -> 4 * n).orElse(MAX - 2), 1));
        }
        JsonNode node = root ? withMetadata(schema) : schema;
        return switch (node.path("type").asString("")) {
            case "array" -> list(node);
            case "object" ->
                    node.path("additionalProperties").isObject()
                            ? map(node)
                            : Optional.of(object(node));
            case "string" -> Optional.of(string(node));
            case "boolean" -> Optional.of(DeclaredType.BOOL);
            case "number" -> Optional.of(DeclaredType.DOUBLE);
            case "integer" -> Optional.of(DeclaredType.INT);
            default -> Optional.empty();
        };
    }

    public static boolean isEmbedded(JsonNode schema) {
        return schema.path("x-kubernetes-embedded-resource").asBoolean(false);
    }

    private static Optional<DeclaredType> list(JsonNode node) {
        JsonNode items = node.path("items");
        return of(items, isEmbedded(items))
                .map(type ->
                        DeclaredType.list(
                                type,
                                limit(node, "maxItems").orElse((MAX - 2) / (type.minSize() + 1))));
    }

    private static Optional<DeclaredType> map(JsonNode node) {
        JsonNode values = node.path("additionalProperties");
        return of(values, isEmbedded(values))
                .map(type ->
                        DeclaredType.map(
                                type,
                                limit(node, "maxProperties")
                                        .orElse((MAX - 2) / (type.minSize() + 6))));
    }

    private static DeclaredType object(JsonNode node) {
        Set<String> required = new HashSet<>();
        node.path("required").forEach(name -> required.add(name.asString("")));
        Map<String, Field> fields = new LinkedHashMap<>();
        long minSize = 2;
        for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
            String name = property.getKey();
            JsonNode schema = property.getValue();
            Optional<DeclaredType> type = of(schema, isEmbedded(schema));
            if (type.isEmpty()) {
                continue;
            }
            FieldNames.escape(name)
                    .ifPresent(escaped ->
                            fields.put(
                                    escaped, new Field(name, type.get(), required.contains(name))));
            if (required.contains(name) && !schema.has("default")) {
                minSize += name.length() + type.get().minSize() + 4;
            }
        }
        return DeclaredType.object("object", fields, minSize);
    }

    private static DeclaredType string(JsonNode node) {
        return switch (node.path("format").asString("")) {
            case "byte" -> DeclaredType.scalar(Kind.BYTES, maxLength(node).orElse(MAX - 2), 2);
            case "duration" -> DeclaredType.scalar(Kind.DURATION, 32, 3);
            case "date" -> DeclaredType.scalar(Kind.TIMESTAMP, 12, 12);
            case "date-time" -> DeclaredType.scalar(Kind.TIMESTAMP, 32, 21);
            default ->
                    DeclaredType.scalar(
                            Kind.STRING,
                            maxLength(node).map(n -> 4 * n).orElseGet(() -> longestEnum(node)),
                            2);
        };
    }

    private static long longestEnum(JsonNode node) {
        long longest = -1;
        for (JsonNode value : node.path("enum")) {
            longest = Math.max(longest, value.asString("").length());
        }
        return longest < 0 ? MAX - 2 : longest;
    }

    private static Optional<Long> maxLength(JsonNode node) {
        return limit(node, "maxLength");
    }

    private static Optional<Long> limit(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isNumber() ? Optional.of(Math.max(0, value.asLong(0))) : Optional.empty();
    }

    private static JsonNode withMetadata(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode text = JsonNodeFactory.instance.objectNode().put("type", "string");
        ObjectNode widened = JsonNodeFactory.instance.objectNode();
        object.forEachEntry((name, value) -> {
            if (!name.equals("properties")) {
                widened.set(name, value);
            }
        });
        ObjectNode properties = widened.putObject("properties");
        object.path("properties").forEachEntry(properties::set);
        properties.set("kind", text);
        properties.set("apiVersion", text);
        ObjectNode metadata = properties.putObject("metadata").put("type", "object");
        metadata.putObject("properties").set("name", text).set("generateName", text);
        return widened;
    }
}
