package io.hypernetes.api.custom;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a schema demands of a value beyond its shape. Under {@code allOf}, {@code anyOf}, {@code
 * oneOf} and {@code not} the demands go on into fields and items without giving them a shape.
 *
 * <p>Patterns are RE2's, as Kubernetes': they take linear time whatever a tenant writes.
 *
 * @param type only under {@code anyOf}/{@code allOf} of int-or-string; elsewhere the shape's
 * @param choices {@code enum}
 */
record ValueRules(
        String type,
        String format,
        List<JsonNode> choices,
        @Nullable BigDecimal minimum,
        @Nullable BigDecimal maximum,
        boolean exclusiveMinimum,
        boolean exclusiveMaximum,
        @Nullable BigDecimal multipleOf,
        @Nullable Long minLength,
        @Nullable Long maxLength,
        @Nullable Pattern pattern,
        @Nullable Long minItems,
        @Nullable Long maxItems,
        boolean uniqueItems,
        @Nullable Long minProperties,
        @Nullable Long maxProperties,
        List<String> required,
        List<ValueRules> allOf,
        List<ValueRules> anyOf,
        List<ValueRules> oneOf,
        @Nullable ValueRules not,
        Map<String, ValueRules> properties,
        @Nullable ValueRules items,
        @Nullable ValueRules additional,
        boolean closed) {

    /**
     * @throws IllegalArgumentException when a pattern is none
     */
    static ValueRules of(JsonNode schema) {
        Map<String, ValueRules> properties = new LinkedHashMap<>();
        schema.path("properties")
                .forEachEntry((name, property) -> properties.put(name, of(property)));
        JsonNode more = schema.path("additionalProperties");
        return new ValueRules(
                schema.path("type").asString(""),
                schema.path("format").asString(""),
                schema.path("enum").isArray()
                        ? List.copyOf(schema.path("enum").values())
                        : List.of(),
                decimal(schema, "minimum"),
                decimal(schema, "maximum"),
                schema.path("exclusiveMinimum").asBoolean(false),
                schema.path("exclusiveMaximum").asBoolean(false),
                decimal(schema, "multipleOf"),
                number(schema, "minLength"),
                number(schema, "maxLength"),
                pattern(schema.path("pattern").asString("")),
                number(schema, "minItems"),
                number(schema, "maxItems"),
                schema.path("uniqueItems").asBoolean(false),
                number(schema, "minProperties"),
                number(schema, "maxProperties"),
                Structural.texts(schema.path("required")),
                all(schema.path("allOf")),
                all(schema.path("anyOf")),
                all(schema.path("oneOf")),
                schema.path("not").isObject() ? of(schema.path("not")) : null,
                properties,
                schema.path("items").isObject() ? of(schema.path("items")) : null,
                more.isObject() ? of(more) : null,
                more.isBoolean() && !more.asBoolean());
    }

    private static List<ValueRules> all(JsonNode schemas) {
        List<ValueRules> rules = new ArrayList<>();
        schemas.forEach(schema -> rules.add(of(schema)));
        return List.copyOf(rules);
    }

    private static @Nullable BigDecimal decimal(JsonNode schema, String name) {
        return schema.path(name).isNumber() ? schema.path(name).decimalValue() : null;
    }

    private static @Nullable Long number(JsonNode schema, String name) {
        return schema.path(name).isNumber() ? schema.path(name).asLong(0) : null;
    }

    private static @Nullable Pattern pattern(String text) {
        try {
            return text.isEmpty() ? null : Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }
}
