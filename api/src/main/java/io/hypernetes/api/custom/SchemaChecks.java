package io.hypernetes.api.custom;

import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules for an {@code openAPIV3Schema}, in upstream's order and words. */
final class SchemaChecks {
    private static final List<String> TYPES =
            List.of("array", "boolean", "integer", "number", "object", "string");
    private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

    /** Deeper than any sane schema, and far from what a thread's stack holds. */
    private static final int DEPTH = 128;

    /** The Go names of what may stand at the root beside a status subresource. */
    private static final String AT_ROOT =
            "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum"
                    + " MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf"
                    + " Required Items Properties ExternalDocs Example XPreserveUnknownFields"
                    + " XValidations]";

    private static final Set<String> NOT_AT_ROOT =
            Set.of(
                    "id",
                    "$schema",
                    "$ref",
                    "default",
                    "enum",
                    "maxProperties",
                    "minProperties",
                    "allOf",
                    "oneOf",
                    "anyOf",
                    "not",
                    "additionalProperties",
                    "patternProperties",
                    "dependencies",
                    "additionalItems",
                    "definitions",
                    "nullable",
                    "x-kubernetes-embedded-resource",
                    "x-kubernetes-int-or-string",
                    "x-kubernetes-list-map-keys",
                    "x-kubernetes-list-type",
                    "x-kubernetes-map-type");

    /**
     * Where a schema stands.
     *
     * @param noDefaults why there may be no default; empty when there may be one
     * @param inMetadata inside apiVersion, kind or metadata
     */
    private record Place(String noDefaults, boolean inMetadata, int depth) {
        Place below() {
            return new Place(noDefaults, inMetadata, depth + 1);
        }
    }

    private SchemaChecks() {}

    /**
     * @param hasStatus the status is a subresource
     */
    static void check(Field schema, boolean hasStatus) {
        if (isTooDeep(schema.value(), 0)) {
            schema.forbidden("is nested deeper than " + DEPTH + " levels");
            return;
        }
        if (!SchemaForms.check(schema)) {
            return;
        }
        if (hasStatus) {
            root(schema);
        }
        if (schema.at("nullable").flag()) {
            schema.at("nullable").forbidden("nullable cannot be true at the root");
        }
        Errors structural = new Errors();
        StructuralChecks.check(Field.root(schema.value(), structural).named(schema.path()));
        if (structural.all().isEmpty()) {
            DefaultChecks.check(schema, true);
        } else {
            structural.all().stream()
                    .sorted(java.util.Comparator.comparing(Object::toString))
                    .forEach(schema.errors()::add);
        }
        walk(schema, new Place("", false, 0), true);
        if (schema.errors().all().isEmpty() && hasDialect(schema.value())) {
            schema.invalid("", "OpenAPIV3Schema 'schema' is not supported");
        }
    }

    private static boolean hasDialect(JsonNode schema) {
        return !schema.findValues("$schema").stream().allMatch(JsonNode::isObject);
    }

    private static boolean isTooDeep(JsonNode node, int depth) {
        if (depth > DEPTH) {
            return true;
        }
        for (JsonNode child : node) {
            if (isTooDeep(child, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static void root(Field schema) {
        Field type = schema.at("type");
        if (type.isGiven() && !type.is("object")) {
            type.invalid(
                    "only \"object\" is allowed as the type at the root of the schema if the status"
                            + " subresource is enabled");
        }
        for (String name : schema.keys()) {
            if (NOT_AT_ROOT.contains(name) && schema.at(name).isGiven()) {
                schema.invalid(
                        "only "
                                + AT_ROOT
                                + " fields are allowed at the root of the schema if the status"
                                + " subresource is enabled");
                return;
            }
        }
    }

    private static void walk(Field schema, Place place, boolean root) {
        if (!schema.value().isObject()) {
            return;
        }
        unsupported(schema, place);
        if (schema.at("uniqueItems").flag()) {
            schema.at("uniqueItems")
                    .forbidden(
                            "uniqueItems cannot be set to true since the runtime complexity becomes"
                                    + " quadratic");
        }
        Field additional = schema.at("additionalProperties");
        if (additional.isSet()) {
            if (schema.at("properties").isGiven()
                    && !(additional.value().isBoolean() && additional.flag())) {
                additional.forbidden("additionalProperties and properties are mutual exclusive");
            }
            walk(
                    additional,
                    place.inMetadata()
                            ? new Place(
                                    "inside additionalProperties applying to object metadata",
                                    true,
                                    place.depth() + 1)
                            : place.below(),
                    false);
        }
        properties(schema, place, root);
        walk(schema.at("not"), place.below(), false);
        for (String junctor : List.of("allOf", "oneOf", "anyOf")) {
            schema.at(junctor).items().forEach(item -> walk(item, place.below(), false));
        }
        walk(schema.at("items"), place.below(), false);
        extensions(schema);
        rules(schema, schema.at("x-kubernetes-validations"));
    }

    private static void properties(Field schema, Place place, boolean root) {
        boolean resource = root || schema.at("x-kubernetes-embedded-resource").flag();
        for (String name : schema.at("properties").keys()) {
            Place below = place.below();
            if (resource && ENVELOPE.contains(name)) {
                String reason = root ? "in top-level " + name : place.noDefaults();
                below = new Place(reason, true, place.depth() + 1);
            }
            walk(schema.at("properties").key(name), below, false);
        }
    }

    private static void unsupported(Field schema, Place place) {
        Field type = schema.at("type");
        if (type.isGiven() && !TYPES.contains(type.text())) {
            type.notSupported(TYPES);
        }
        if (schema.at("default").isSet() && !place.noDefaults().isEmpty()) {
            schema.at("default").forbidden("must not be set " + place.noDefaults());
        }
        for (String name :
                List.of(
                        "id",
                        "additionalItems",
                        "patternProperties",
                        "definitions",
                        "dependencies",
                        "$ref")) {
            schema.at(name).forbiddenIfGiven(name + " is not supported");
        }
        if (type.is("null")) {
            type.forbidden("type cannot be set to null, use nullable as an alternative");
        }
        if (schema.at("items").value().isArray()) {
            schema.at("items").forbidden("items must be a schema object and not an array");
        }
        if (place.inMetadata() && schema.at("x-kubernetes-embedded-resource").flag()) {
            schema.at("x-kubernetes-embedded-resource")
                    .forbidden("must not be used inside of resource meta");
        }
    }

    private static void extensions(Field schema) {
        Field preserve = schema.at("x-kubernetes-preserve-unknown-fields");
        if (preserve.isSet() && !preserve.flag()) {
            preserve.invalid("must be true or undefined");
        }
        Field mapType = schema.at("x-kubernetes-map-type");
        if (mapType.isSet()) {
            demandType(schema, "object", "must be object if x-kubernetes-map-type is specified");
            mapType.oneOf("atomic", "granular");
        }
        Field listType = schema.at("x-kubernetes-list-type");
        if (listType.isSet()) {
            if (schema.at("type").is("array")) {
                if (listType.is("set")) {
                    setItems(schema.at("items"));
                }
            } else {
                demandType(schema, "array", "must be array if x-kubernetes-list-type is specified");
            }
            listType.oneOf("atomic", "set", "map");
        }
        Field keys = schema.at("x-kubernetes-list-map-keys");
        if (keys.isGiven() && !listType.is("map")) {
            String sentence = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (listType.isSet()) {
                listType.invalid(sentence);
            } else {
                listType.tellRequired(sentence);
            }
        }
        if (listType.is("map")) {
            mapItems(schema.at("items"), keys);
        }
        if (listType.is("map") || listType.is("set")) {
            noNullItems(schema.at("items"), keys, listType.text());
        }
    }

    private static void demandType(Field schema, String wanted, String sentence) {
        Field type = schema.at("type");
        if (!type.isGiven()) {
            type.tellRequired(sentence);
        } else if (!type.is(wanted)) {
            type.invalid(sentence);
        }
    }

    private static void setItems(Field items) {
        String sentence = "must be atomic as item of a list with x-kubernetes-list-type=set";
        Field listType = items.at("x-kubernetes-list-type");
        Field mapType = items.at("x-kubernetes-map-type");
        if (items.at("type").is("array") && listType.isSet() && !listType.is("atomic")) {
            listType.invalid(sentence);
        } else if (items.at("type").is("object") && !mapType.is("atomic")) {
            mapType.invalid(sentence);
        }
    }

    private static void mapItems(Field items, Field keys) {
        if (!keys.isGiven()) {
            keys.tellRequired("must not be empty if x-kubernetes-list-type is map");
        }
        if (!items.isSet()) {
            items.tellRequired("must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (!items.at("type").is("object")) {
            items.at("type")
                    .invalid(
                            items.at("type").text(),
                            "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (String key : keys.texts()) {
            Field property = items.at("properties").key(key);
            if (!property.isSet()) {
                keys.invalid("entries must all be names of item properties");
            } else if (property.at("type").is("array") || property.at("type").is("object")) {
                property.at("type")
                        .invalid(
                                items.at("type").text(),
                                "must be a scalar type if parent array's x-kubernetes-list-type is"
                                        + " map");
            }
            if (!seen.add(key)) {
                keys.invalid("must not contain duplicate entries");
            }
        }
    }

    private static void noNullItems(Field items, Field keys, String listType) {
        if (items.at("nullable").flag()) {
            items.at("nullable")
                    .forbidden("cannot be nullable when x-kubernetes-list-type is " + listType);
        }
        List<String> required = items.at("required").texts();
        for (String key : listType.equals("map") ? keys.texts() : List.<String>of()) {
            Field property = items.at("properties").key(key);
            if (!property.isSet()) {
                continue;
            }
            if (!required.contains(key) && !property.at("default").isSet()) {
                property.at("default")
                        .tellRequired(
                                "this property is in x-kubernetes-list-map-keys, so it must have a"
                                        + " default or be a required property");
            }
            if (property.at("nullable").flag()) {
                property.at("nullable")
                        .forbidden(
                                "this property is in x-kubernetes-list-map-keys, so it cannot be"
                                        + " nullable");
            }
        }
    }

    private static void rules(Field schema, Field rules) {
        for (Field rule : rules.items()) {
            String text = rule.at("rule").text().strip();
            Field message = rule.at("message");
            String shown = message.text().strip();
            if (text.isEmpty()) {
                rule.at("rule").tellRequired("rule is not specified");
            } else if (message.isGiven() && shown.isEmpty()) {
                message.invalid("must be non-empty if specified");
            } else if (hasLines(shown)) {
                message.invalid("must not contain line breaks");
            } else if (hasLines(text) && shown.isEmpty()) {
                message.tellRequired("message must be specified if rule contains line breaks");
            }
            Field expression = rule.at("messageExpression");
            if (expression.isGiven() && expression.text().isBlank()) {
                expression.tellRequired("messageExpression must be non-empty if specified");
            }
            rule.at("reason")
                    .ifSet()
                    .oneOf(
                            "FieldValueDuplicate",
                            "FieldValueForbidden",
                            "FieldValueInvalid",
                            "FieldValueRequired");
            Field path = rule.at("fieldPath");
            if (path.isGiven() && path.text().isBlank()) {
                path.invalid("must be non-empty if specified");
            }
            if (hasLines(path.text())) {
                path.invalid("must not contain line breaks");
            }
            if (path.isGiven() && !leads(path.text(), schema)) {
                path.invalid("must be a valid path");
            }
        }
    }

    private static boolean leads(String path, Field schema) {
        try {
            FieldPath.of(path, schema.value(), true);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean hasLines(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
