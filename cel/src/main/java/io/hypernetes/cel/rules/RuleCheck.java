package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.kind.GoStruct;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.SchemaTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rules of one schema when it is written: they must compile, and may not be estimated to cost
 * too much. Used once, by one thread.
 */
final class RuleCheck {
    private static final String RULES = "x-kubernetes-validations";
    private static final List<String> FIELDS =
            List.of(
                    "rule",
                    "message",
                    "messageExpression",
                    "reason",
                    "fieldPath",
                    "optionalOldSelf");

    /**
     * A place in the schema.
     *
     * @param resource whether it is a whole resource, embedded ones included
     * @param uncorrelatable the place above, if any, whose parts have no former state
     * @param times how many values of it one object may hold; empty when the schema sets no bound
     */
    private record Place(
            JsonNode schema,
            String path,
            boolean resource,
            String uncorrelatable,
            OptionalLong times) {
        Place below(JsonNode part, String name) {
            return new Place(
                    part, path + name, SchemaTypes.isEmbedded(part), uncorrelatable, multiplied());
        }

        /** The outermost place decides. */
        Place uncorrelatableWithin(String list) {
            return uncorrelatable.isEmpty() ? new Place(schema, path, resource, list, times) : this;
        }

        private OptionalLong multiplied() {
            return switch (schema.path("type").asString("")) {
                case "array" -> times("maxItems");
                case "object" ->
                        schema.has("additionalProperties") ? times("maxProperties") : times;
                default -> times;
            };
        }

        private OptionalLong times(String limit) {
            return schema.path(limit).isNumber() && times.isPresent()
                    ? OptionalLong.of(
                            product(times.getAsLong(), Math.max(0, schema.path(limit).asLong(0))))
                    : OptionalLong.empty();
        }

        /** Of a rule in this place that costs so much once. */
        long cost(long once, DeclaredType type) {
            return product(once, times.orElse(DeclaredType.MAX_REQUEST / (type.minSize() + 1)));
        }

        private static long product(long a, long b) {
            return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
        }
    }

    private final List<FieldError> errors = new ArrayList<>();
    private final CostBudget budget = new CostBudget();

    private RuleCheck() {}

    static List<FieldError> check(JsonNode schema, String path) {
        RuleCheck check = new RuleCheck();
        Place root = new Place(schema, path, true, "", OptionalLong.of(1));
        check.defaults(root);
        if (!check.errors.isEmpty()) {
            return check.errors; // upstream judges no rules beside a default that is none
        }
        check.walk(root);
        check.budget.check(path, check.errors);
        return check.errors;
    }

    /** Defaults hold to the rules that are in their own schemas. */
    private void defaults(Place place) {
        JsonNode schema = place.schema();
        JsonNode fallback = schema.path("default");
        if (!fallback.isMissingNode()) {
            RuleNode.compile(schema, place.resource())
                    .map(rules -> new RuleRun(_ -> {}).run(rules, fallback, Optional.empty()))
                    .orElse(List.of())
                    .forEach(error -> errors.add(below(place.path() + ".default", error)));
        }
        schema.path("properties")
                .forEachEntry((name, property) ->
                        defaults(place.below(property, ".properties[" + name + "]")));
        if (schema.path("items").isObject()) {
            defaults(place.below(schema.path("items"), ".items"));
        }
    }

    private static FieldError below(String path, FieldError error) {
        boolean whole = error.field().equals(RuleRun.WHOLE);
        return new FieldError(
                whole ? path : path + "." + error.field(), error.type(), error.message());
    }

    private void walk(Place place) {
        JsonNode schema = place.schema();
        if (schema.path("additionalProperties").isObject()) {
            walk(place.below(schema.path("additionalProperties"), ".additionalProperties"));
        }
        boolean atomic = schema.path("x-kubernetes-map-type").asString("").equals("atomic");
        schema.path("properties")
                .forEachEntry((name, property) -> {
                    Place below = place.below(property, ".properties[" + name + "]");
                    walk(atomic ? below.uncorrelatableWithin(place.path()) : below);
                });
        if (schema.path("items").isObject()) {
            Place items = place.below(schema.path("items"), ".items");
            boolean map = schema.path("x-kubernetes-list-type").asString("").equals("map");
            walk(map ? items : items.uncorrelatableWithin(place.path()));
        }
        if (!schema.path(RULES).isEmpty()) {
            SchemaTypes.of(schema, place.resource())
                    .ifPresentOrElse(type -> rules(place, type), () -> noType(place));
        }
    }

    /** What has no type, such as any value that is to be preserved, cannot have rules. */
    private void noType(Place place) {
        errors.add(
                new FieldError(
                        place.path() + "." + RULES,
                        FieldError.Type.INTERNAL,
                        "Internal error: internal error: failed to construct type information for"
                                + " x-kubernetes-validations rules: unable to convert structural"
                                + " schema to CEL declarations"));
    }

    private void rules(Place place, DeclaredType type) {
        JsonNode rules = place.schema().path(RULES);
        DeclaredType self = type.named("selfType");
        Environment base = Environment.standard().with(Rule.SELF, self);
        Environment plain = base.with(Rule.OLD_SELF, self);
        Environment optional = base.withOptional(Rule.OLD_SELF, self);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = Rule.compile(rules.get(i), plain, optional);
            String at = place.path() + "." + RULES + "[" + i + "]";
            costs(rule, at, place, type);
            errors(rule, at, rules.get(i), place.uncorrelatable());
        }
    }

    private void costs(Rule rule, String at, Place place, DeclaredType type) {
        long once = rule.expression().map(e -> e.estimatedCost(type)).orElse(0L);
        budget.spend(at + ".rule", "estimated rule cost", place.cost(once, type), errors);
        // A message is made once: upstream does not multiply its cost.
        rule.messageExpression()
                .ifPresent(message ->
                        budget.spend(
                                at + ".messageExpression",
                                "estimated messageExpression cost",
                                message.estimatedCost(type),
                                errors));
    }

    private void errors(Rule rule, String at, JsonNode written, String uncorrelatable) {
        if (!rule.error().isEmpty()) {
            errors.add(FieldError.invalid(at + ".rule", shown(written), rule.error()));
        }
        if (!rule.messageError().isEmpty()) {
            errors.add(
                    FieldError.invalid(
                            at + ".messageExpression", shown(written), rule.messageError()));
        }
        if (rule.usesOldSelf() && !uncorrelatable.isEmpty()) {
            errors.add(
                    FieldError.invalidText(
                            at + ".rule",
                            rule.text(),
                            "oldSelf cannot be used on the uncorrelatable portion of the schema"
                                    + " within "
                                    + uncorrelatable));
        }
        if (!rule.usesOldSelf() && written.has("optionalOldSelf")) {
            errors.add(
                    FieldError.invalid(
                            at + ".optionalOldSelf",
                            written.get("optionalOldSelf").toString(),
                            "may not be set if oldSelf is not used in rule"));
        }
    }

    /** As upstream shows a rule: all fields of its structure. */
    private static String shown(JsonNode rule) {
        ObjectNode shown = GoStruct.of(rule, FIELDS);
        JsonNode empty = StringNode.valueOf("");
        return FieldError.shown(
                GoStruct.empty(shown, empty, "rule", "message", "messageExpression", "fieldPath"));
    }
}
