package io.hypernetes.api.custom;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Set;

/** Whether a schema is structural (KEP-1979): one shape, and demands beside it. */
final class StructuralChecks {
    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String noType;

        Level(String noType) {
            this.noType = noType;
        }
    }

    private static final String EMBEDDED = "x-kubernetes-embedded-resource";
    private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    /** What int-or-string may say twice. */
    private static final JsonNode INTEGER_OR_STRING =
            Json.parse("[{\"type\":\"integer\"},{\"type\":\"string\"}]".getBytes());

    private StructuralChecks() {}

    static void check(Field schema) {
        shape(schema, Level.ROOT);
    }

    private static void shape(Field schema, Level level) {
        boolean embedded = schema.at(EMBEDDED).flag();
        if (schema.at("type").is("array") && !schema.at("items").isSet()) {
            schema.at("items").tellRequired("must be specified");
        }
        if (schema.at("items").value().isObject()) {
            shape(schema.at("items"), Level.ITEM);
        }
        for (String name : schema.at("properties").keys()) {
            shape(schema.at("properties").key(name), Level.FIELD);
        }
        Field additional = schema.at("additionalProperties");
        if (additional.isSet()) {
            if (level == Level.ROOT) {
                additional.forbidden("must not be used at the root");
            }
            if (additional.value().isObject()) {
                shape(additional, Level.FIELD);
            }
        }
        extensions(schema);
        boolean bare = Json.same(schema.at("anyOf").value(), INTEGER_OR_STRING);
        boolean wrapped =
                Json.same(schema.at("allOf").index(0).at("anyOf").value(), INTEGER_OR_STRING);
        demands(schema, bare, wrapped);
        type(schema, level, embedded);
        if (embedded && additional.isSet()) {
            additional.forbidden("must not be used if x-kubernetes-embedded-resource is set");
        }
        envelope(schema, level, embedded);
    }

    private static void extensions(Field schema) {
        if (!schema.at(INT_OR_STRING).flag()) {
            return;
        }
        for (String other : List.of(PRESERVE, EMBEDDED)) {
            if (schema.at(other).flag()) {
                schema.at(other).invalid("must be false if x-kubernetes-int-or-string is true");
            }
        }
    }

    private static void type(Field schema, Level level, boolean embedded) {
        Field type = schema.at("type");
        if (embedded && !type.is("object")) {
            String sentence = "must be object if x-kubernetes-embedded-resource is true";
            if (type.isGiven()) {
                type.invalid(sentence);
            } else {
                type.tellRequired(sentence);
            }
        } else if (!type.isGiven()
                && !schema.at(INT_OR_STRING).flag()
                && !schema.at(PRESERVE).flag()) {
            type.tellRequired(level.noType);
        }
        if (level == Level.ROOT && type.isGiven() && !type.is("object")) {
            type.invalid("must be object at the root");
        }
    }

    private static void envelope(Field schema, Level level, boolean embedded) {
        boolean resource = level == Level.ROOT || embedded;
        Field properties = schema.at("properties");
        for (String name : List.of("kind", "apiVersion")) {
            Field property = properties.key(name);
            if (resource && property.isSet() && !property.at("type").is("string")) {
                property.at("type").invalid(property.at("type").text(), "must be string");
            }
        }
        Field metadata = properties.key("metadata");
        if (metadata.isSet()) {
            if (resource && !metadata.at("type").is("object")) {
                metadata.at("type").invalid(metadata.at("type").text(), "must be object");
            }
            if (level == Level.ROOT && restrictsMore(metadata)) {
                metadata.forbidden(
                        "must not specify anything other than name and generateName, but metadata"
                                + " is implicitly specified");
            }
        }
        if (embedded && !schema.at(PRESERVE).flag() && !properties.isGiven()) {
            properties.tellRequired(
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields");
        }
    }

    private static boolean restrictsMore(Field metadata) {
        for (String name : metadata.keys()) {
            boolean harmless =
                    switch (name) {
                        case "type", "default" -> true;
                        case "properties" ->
                                Set.of("name", "generateName")
                                        .containsAll(metadata.at("properties").keys());
                        default -> !metadata.at(name).isGiven();
                    };
            if (!harmless) {
                return true;
            }
        }
        return false;
    }

    private static void demands(Field schema, boolean skipAnyOf, boolean skipFirstAllOf) {
        if (!skipAnyOf) {
            schema.at("anyOf").items().forEach(item -> nested(item, false));
        }
        List<Field> all = schema.at("allOf").items();
        for (int i = 0; i < all.size(); i++) {
            nested(all.get(i), skipFirstAllOf && i == 0);
        }
        schema.at("oneOf").items().forEach(item -> nested(item, false));
        nested(schema.at("not"), false);
        Field pattern = schema.at("pattern");
        if (pattern.isGiven()) {
            try {
                Pattern.compile(pattern.text());
            } catch (PatternSyntaxException e) {
                pattern.invalid("must be a valid regular expression, but isn't: " + e.getMessage());
            }
        }
    }

    /** Under a junctor there are demands alone, no shape. */
    private static void nested(Field schema, boolean skipAnyOf) {
        if (!schema.isSet()) {
            return;
        }
        demands(schema, skipAnyOf, false);
        nested(schema.at("items"), false);
        for (String name : schema.at("properties").keys()) {
            nested(schema.at("properties").key(name), false);
        }
        for (String name : List.of("type", "title", "description", "x-kubernetes-list-map-keys")) {
            schema.at(name).forbiddenIfGiven("must be empty to be structural");
        }
        Field additional = schema.at("additionalProperties");
        if (!additional.value().isBoolean() || additional.flag()) {
            additional.forbiddenIfSet("must be undefined to be structural");
        }
        for (String name : List.of("default", "x-kubernetes-list-type", "x-kubernetes-map-type")) {
            schema.at(name).forbiddenIfSet("must be undefined to be structural");
        }
        for (String name : List.of("nullable", PRESERVE, EMBEDDED, INT_OR_STRING)) {
            if (schema.at(name).flag()) {
                schema.at(name).forbidden("must be false to be structural");
            }
        }
        schema.at("x-kubernetes-validations").forbiddenIfGiven("must be empty to be structural");
        if (schema.at("properties").key("metadata").isSet()) {
            schema.at("properties")
                    .key("metadata")
                    .forbidden("must not be specified in a nested context");
        }
    }
}
