package io.hypernetes.cel.rules;

import io.hypernetes.cel.Environment;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.FieldNames;
import io.hypernetes.cel.type.SchemaTypes;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of one place in a schema, and of the places below it that have some.
 *
 * @param schemaType {@code object}, {@code array}, …: what messages show instead of a value
 * @param mapKeys the fields that identify the items of a list; empty for a list that is none of
 *     {@code x-kubernetes-list-type: map}
 * @param items of the items of a list or the values of a map
 * @param allOf rules of {@code allOf} branches, over the same values
 */
record RuleNode(
        DeclaredType type,
        String schemaType,
        List<String> mapKeys,
        List<Rule> rules,
        Optional<RuleNode> items,
        Map<String, RuleNode> properties,
        List<RuleNode> allOf) {
    private static final String RULES = "x-kubernetes-validations";

    /** Whether a rule is anywhere in the schema. */
    static boolean hasRules(JsonNode schema) {
        if (!schema.path(RULES).isEmpty()
                || hasRulesBelow(schema.path("items"))
                || hasRulesBelow(schema.path("additionalProperties"))) {
            return true;
        }
        for (JsonNode property : schema.path("properties")) {
            if (hasRulesBelow(property)) {
                return true;
            }
        }
        for (JsonNode branch : schema.path("allOf")) {
            if (hasRulesBelow(branch)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasRulesBelow(JsonNode schema) {
        return schema.isObject() && hasRules(schema);
    }

    static Optional<RuleNode> compile(JsonNode schema) {
        return compile(schema, true);
    }

    /**
     * @param resource whether it is of a whole resource
     */
    static Optional<RuleNode> compile(JsonNode schema, boolean resource) {
        return SchemaTypes.of(schema, resource).flatMap(type -> of(schema, schema, type));
    }

    /**
     * @param rules where the rules are: the schema itself or a branch of its {@code allOf}
     * @param schema the structural part, which has the types
     */
    private static Optional<RuleNode> of(JsonNode rules, JsonNode schema, DeclaredType type) {
        if (!hasRules(rules)) {
            return Optional.empty();
        }
        Map<String, RuleNode> properties = new LinkedHashMap<>();
        rules.path("properties")
                .forEachEntry((name, part) -> {
                    JsonNode structural = schema.path("properties").path(name);
                    fieldType(type, name, structural)
                            .flatMap(field -> of(part, structural, field))
                            .ifPresent(node -> properties.put(name, node));
                });
        String nested = type.kind() == DeclaredType.Kind.LIST ? "items" : "additionalProperties";
        Optional<RuleNode> items =
                type.elementType().isPresent()
                        ? of(rules.path(nested), schema.path(nested), type.element())
                        : Optional.empty();
        List<RuleNode> allOf = new ArrayList<>();
        rules.path("allOf").forEach(branch -> of(branch, schema, type).ifPresent(allOf::add));
        return Optional.of(
                new RuleNode(
                        type,
                        schema.path("type").asString(""),
                        mapKeys(schema),
                        compiled(rules.path(RULES), type),
                        items,
                        properties,
                        allOf));
    }

    private static List<String> mapKeys(JsonNode schema) {
        List<String> keys = new ArrayList<>();
        if (schema.path("x-kubernetes-list-type").asString("").equals("map")) {
            schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asString("")));
        }
        return keys;
    }

    /** Fields that CEL cannot name have rules of their own all the same. */
    private static Optional<DeclaredType> fieldType(
            DeclaredType type, String name, JsonNode schema) {
        if (FieldNames.escape(name).isEmpty()) {
            return SchemaTypes.of(schema, SchemaTypes.isEmbedded(schema));
        }
        return FieldNames.escape(name)
                .flatMap(escaped -> Optional.ofNullable(type.fields().get(escaped)))
                .map(DeclaredType.Field::type);
    }

    private static List<Rule> compiled(JsonNode rules, DeclaredType type) {
        if (rules.isEmpty()) {
            return List.of();
        }
        DeclaredType self = type.named("selfType");
        Environment base = Environment.standard().with(Rule.SELF, self);
        Environment plain = base.with(Rule.OLD_SELF, self);
        Environment optional = base.withOptional(Rule.OLD_SELF, self);
        List<Rule> compiled = new ArrayList<>();
        rules.forEach(rule -> compiled.add(Rule.compile(rule, plain, optional)));
        return compiled;
    }
}
