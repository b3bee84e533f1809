package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.SchemaTypes;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of CustomResourceDefinitions: checked when they are written, compiled when used. */
public final class RuleCompiler implements SchemaRules.Compiler {
    private static final String RULES = "x-kubernetes-validations";

    @Override
    public SchemaRules rules(JsonNode schema) {
        Optional<RuleValidator> validator = RuleValidator.of(schema);
        return validator.isEmpty()
                ? SchemaRules.NONE
                : (object, old) -> validator.get().validate(object, old, warning -> {});
    }

    @Override
    public List<FieldError> check(JsonNode schema, String path) {
        List<FieldError> errors = new ArrayList<>();
        if (schema.isObject() && RuleNode.hasRules(schema)) {
            check(schema, path, true, "", errors);
        }
        return errors;
    }

    /**
     * @param uncorrelatable the place above, if any, whose parts have no former state
     */
    private static void check(
            JsonNode schema,
            String path,
            boolean root,
            String uncorrelatable,
            List<FieldError> errors) {
        JsonNode rules = schema.path(RULES);
        if (!rules.isEmpty()) {
            SchemaTypes.of(schema, root || SchemaTypes.isEmbedded(schema))
                    .ifPresent(type -> checkRules(rules, type, path, uncorrelatable, errors));
        }
        schema.path("properties")
                .forEachEntry((name, property) ->
                        check(
                                property,
                                path + ".properties[" + name + "]",
                                false,
                                uncorrelatable,
                                errors));
        if (schema.path("items").isObject()) {
            boolean map = schema.path("x-kubernetes-list-type").asString("").equals("map");
            check(
                    schema.path("items"),
                    path + ".items",
                    false,
                    map || !uncorrelatable.isEmpty() ? uncorrelatable : path,
                    errors);
        }
        if (schema.path("additionalProperties").isObject()) {
            check(
                    schema.path("additionalProperties"),
                    path + ".additionalProperties",
                    false,
                    uncorrelatable,
                    errors);
        }
    }

    private static void checkRules(
            JsonNode rules,
            DeclaredType type,
            String path,
            String uncorrelatable,
            List<FieldError> errors) {
        DeclaredType self = type.named("selfType");
        Environment base = Environment.standard().with(Rule.SELF, self);
        Environment plain = base.with(Rule.OLD_SELF, self);
        Environment optional = base.withOptional(Rule.OLD_SELF, self);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = Rule.compile(rules.get(i), plain, optional);
            String at = path + "." + RULES + "[" + i + "]";
            if (!rule.error().isEmpty()) {
                errors.add(FieldError.invalid(at + ".rule", shown(rules.get(i)), rule.error()));
            }
            if (!rule.messageError().isEmpty()) {
                errors.add(
                        FieldError.invalid(
                                at + ".messageExpression",
                                shown(rules.get(i)),
                                rule.messageError()));
            }
            if (rule.usesOldSelf() && !uncorrelatable.isEmpty()) {
                errors.add(
                        FieldError.invalidText(
                                at + ".rule",
                                rule.text(),
                                "oldSelf cannot be used on the uncorrelatable portion of the"
                                        + " schema within "
                                        + uncorrelatable));
            }
            if (rule.expression().isPresent()
                    && !rule.usesOldSelf()
                    && rules.get(i).has("optionalOldSelf")) {
                errors.add(
                        FieldError.invalid(
                                at + ".optionalOldSelf",
                                rules.get(i).get("optionalOldSelf").toString(),
                                "may not be set if oldSelf is not used in rule"));
            }
        }
    }

    /** As Go prints the rule: clients know it so. */
    private static String shown(JsonNode rule) {
        return "apiextensions.ValidationRule{Rule:"
                + quoted(rule, "rule")
                + ", Message:"
                + quoted(rule, "message")
                + ", MessageExpression:"
                + quoted(rule, "messageExpression")
                + ", Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:"
                + quoted(rule, "fieldPath")
                + ", OptionalOldSelf:(*bool)(nil)}";
    }

    private static String quoted(JsonNode rule, String field) {
        return FieldError.quoted(rule.path(field).asString(""));
    }
}
