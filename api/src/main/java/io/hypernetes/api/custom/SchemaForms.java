package io.hypernetes.api.custom;

import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Set;

/**
 * Whether each word of a schema has a value of its form. Kubernetes' decoder sees to that where a
 * schema stands by itself; what stands where a boolean or a list may stand too is seen to here.
 */
final class SchemaForms {
    private static final Set<String> TEXTS =
            Set.of(
                    "type",
                    "format",
                    "title",
                    "description",
                    "pattern",
                    "id",
                    "$ref",
                    "$schema",
                    "x-kubernetes-list-type",
                    "x-kubernetes-map-type");
    private static final Set<String> FLAGS =
            Set.of(
                    "nullable",
                    "uniqueItems",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "x-kubernetes-embedded-resource",
                    "x-kubernetes-int-or-string",
                    "x-kubernetes-preserve-unknown-fields");
    private static final Set<String> NUMBERS =
            Set.of(
                    "minimum",
                    "maximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties");
    private static final Set<String> LISTS =
            Set.of(
                    "enum",
                    "required",
                    "allOf",
                    "anyOf",
                    "oneOf",
                    "x-kubernetes-list-map-keys",
                    "x-kubernetes-validations");

    private SchemaForms() {}

    /** Tells what has a wrong form; whether all is well. */
    static boolean check(Field schema) {
        if (!schema.value().isObject()) {
            schema.invalid("must be a schema object");
            return false;
        }
        boolean well = true;
        for (Map.Entry<String, JsonNode> entry : schema.value().properties()) {
            well &= word(schema.at(entry.getKey()), entry.getKey(), entry.getValue());
        }
        return well;
    }

    private static boolean word(Field field, String word, JsonNode value) {
        if (TEXTS.contains(word)) {
            return demand(field, value.isString(), "must be a string");
        }
        if (FLAGS.contains(word)) {
            return demand(field, value.isBoolean(), "must be a boolean");
        }
        if (NUMBERS.contains(word)) {
            return demand(field, value.isNumber(), "must be a number");
        }
        if (LISTS.contains(word)) {
            return demand(field, value.isArray(), "must be a list") && list(field, word);
        }
        return switch (word) {
            case "properties", "patternProperties", "definitions" -> {
                boolean well = demand(field, value.isObject(), "must be an object");
                for (String name : value.isObject() ? field.keys() : java.util.List.<String>of()) {
                    well &= check(field.key(name));
                }
                yield well;
            }
            case "not" -> check(field);
            case "items" -> value.isArray() || check(field);
            case "additionalProperties", "additionalItems" -> value.isBoolean() || check(field);
            default -> true;
        };
    }

    private static boolean list(Field list, String word) {
        boolean well = true;
        for (Field item : list.items()) {
            well &=
                    switch (word) {
                        case "enum" -> true;
                        case "required", "x-kubernetes-list-map-keys" ->
                                demand(item, item.value().isString(), "must be a string");
                        case "x-kubernetes-validations" ->
                                demand(item, item.value().isObject(), "must be an object");
                        default -> check(item);
                    };
        }
        return well;
    }

    private static boolean demand(Field field, boolean holds, String sentence) {
        if (!holds) {
            field.invalid(sentence);
        }
        return holds;
    }
}
