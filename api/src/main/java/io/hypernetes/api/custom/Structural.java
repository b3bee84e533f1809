package io.hypernetes.api.custom;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a structural schema (KEP-1979): the shape of a value, and beside it what is demanded of
 * values of that shape.
 *
 * @param type {@code object}, {@code array}, {@code string}, …; empty for any
 * @param properties empty for a map
 * @param additional the shape of fields that are not named, if they have one
 * @param open fields that are not named are no unknown ones and have no shape: {@code
 *     additionalProperties} is a boolean
 * @param items the shape of an array's items
 * @param preserves {@code x-kubernetes-preserve-unknown-fields}
 * @param embedded {@code x-kubernetes-embedded-resource}: apiVersion, kind and metadata are implied
 * @param intOrString {@code x-kubernetes-int-or-string}
 * @param defaultValue never changed; copies go into objects
 * @param listType {@code atomic}, {@code set} or {@code map}
 * @param rules what is demanded beyond the shape
 */
record Structural(
        String type,
        boolean nullable,
        Map<String, Structural> properties,
        @Nullable Structural additional,
        boolean open,
        @Nullable Structural items,
        boolean preserves,
        boolean embedded,
        boolean intOrString,
        @Nullable JsonNode defaultValue,
        String listType,
        List<String> mapKeys,
        ValueRules rules) {

    /**
     * Reads a schema that has passed {@link SchemaChecks}; of one that has not, what can be made of
     * it.
     *
     * @throws IllegalArgumentException when a pattern is none
     */
    static Structural of(JsonNode schema) {
        JsonNode more = schema.path("additionalProperties");
        Map<String, Structural> properties = new LinkedHashMap<>();
        schema.path("properties")
                .forEachEntry((name, property) -> properties.put(name, of(property)));
        JsonNode fallback = schema.get("default");
        return new Structural(
                schema.path("type").asString(""),
                schema.path("nullable").asBoolean(false),
                Collections.unmodifiableMap(properties),
                more.isObject() ? of(more) : null,
                more.isBoolean(),
                schema.path("items").isObject() ? of(schema.path("items")) : null,
                schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false),
                schema.path("x-kubernetes-embedded-resource").asBoolean(false),
                schema.path("x-kubernetes-int-or-string").asBoolean(false),
                fallback == null || fallback.isNull() ? null : fallback.deepCopy(),
                schema.path("x-kubernetes-list-type").asString("atomic"),
                texts(schema.path("x-kubernetes-list-map-keys")),
                ValueRules.of(schema));
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asString("")));
        return List.copyOf(texts);
    }

    /** The shape of a field; null when it has none. */
    @Nullable Structural field(String name) {
        Structural property = properties.get(name);
        return property != null ? property : additional;
    }

    /** The same with apiVersion, kind and metadata implied, as at the root of an object. */
    Structural asResource() {
        return embedded
                ? this
                : new Structural(
                        type,
                        nullable,
                        properties,
                        additional,
                        open,
                        items,
                        preserves,
                        true,
                        intOrString,
                        defaultValue,
                        listType,
                        mapKeys,
                        rules);
    }
}
