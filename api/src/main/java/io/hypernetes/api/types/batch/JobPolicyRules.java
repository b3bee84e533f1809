package io.hypernetes.api.types.batch;

import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.GoStruct;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for when a job counts a pod as failed, and itself as done. */
final class JobPolicyRules {

    private static final int MAX_RULES = 20;
    private static final int MAX_EXIT_CODES = 255;
    private static final int MAX_INDEXES = 64 << 10;

    private JobPolicyRules() {}

    static void failure(Field spec) {
        Field rules = spec.at("podFailurePolicy", "rules");
        if (rules.items().size() > MAX_RULES) {
            rules.tooMany(rules.items().size(), MAX_RULES);
        }
        Set<String> names = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            spec.at("template", "spec", list)
                    .items()
                    .forEach(container -> names.add(container.at("name").text()));
        }
        rules.items().forEach(rule -> failureRule(spec, rule, names));
    }

    /** A success policy as messages show it. */
    static ObjectNode shown(Field success) {
        ObjectNode shown = GoStruct.of(success.value(), List.of("rules"));
        ArrayNode rules = shown.arrayNode();
        for (Field rule : success.at("rules").items()) {
            rules.add(GoStruct.of(rule.value(), List.of("succeededIndexes", "succeededCount")));
        }
        return GoStruct.with(shown, "rules", rules);
    }

    private static void failureRule(Field spec, Field rule, Set<String> names) {
        Field action = rule.at("action");
        if (action.is("FailIndex") && !spec.at("backoffLimitPerIndex").isSet()) {
            action.invalid("requires the backoffLimitPerIndex to be set");
        }
        action.required("valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]")
                .oneOf("Count", "FailIndex", "FailJob", "Ignore");
        boolean onCodes = rule.at("onExitCodes").isSet();
        boolean onConditions = rule.at("onPodConditions").isGiven();
        if (onCodes) {
            exitCodes(rule.at("onExitCodes"), names);
        }
        if (onConditions) {
            conditions(rule.at("onPodConditions"));
        }
        if (onCodes && onConditions) {
            rule.error(
                    Type.INVALID,
                    "Invalid value: specifying both OnExitCodes and OnPodConditions is not"
                            + " supported");
        } else if (!onCodes && !onConditions) {
            rule.error(
                    Type.INVALID,
                    "Invalid value: specifying one of OnExitCodes and OnPodConditions is"
                            + " required");
        }
    }

    private static void conditions(Field conditions) {
        int count = conditions.items().size();
        if (count > MAX_RULES) {
            conditions.tooMany(count, MAX_RULES);
        }
        for (Field condition : conditions.items()) {
            condition.at("type").form(Names::qualifiedName);
            condition
                    .at("status")
                    .required("valid values: [\"False\" \"True\" \"Unknown\"]")
                    .oneOf("False", "True", "Unknown");
        }
    }

    private static void exitCodes(Field codes, Set<String> names) {
        codes.at("operator").required("valid values: [\"In\" \"NotIn\"]").oneOf("In", "NotIn");
        Field container = codes.at("containerName");
        if (container.isSet() && !names.contains(container.text())) {
            container.invalid(
                    "must be one of the container or initContainer names in the pod template");
        }
        Field values = codes.at("values");
        List<Field> items = values.items();
        if (items.isEmpty()) {
            values.invalid("at least one value is required");
        } else if (items.size() > MAX_EXIT_CODES) {
            values.tooMany(items.size(), MAX_EXIT_CODES);
        }
        Set<Long> known = new HashSet<>();
        boolean ordered = true;
        for (int i = 0; i < items.size(); i++) {
            Field value = items.get(i);
            if (codes.at("operator").is("In") && value.number() == 0) {
                value.invalid("must not be 0 for the In operator");
            }
            if (!known.add(value.number())) {
                value.duplicate();
            }
            ordered &= i == 0 || items.get(i - 1).number() <= value.number();
        }
        if (!ordered) {
            values.invalid("must be ordered");
        }
    }

    static void success(Field spec) {
        Field rules = spec.at("successPolicy", "rules");
        if (!rules.isGiven()) {
            rules.tellRequired(
                    "at least one rules must be specified when the successPolicy is specified");
        }
        if (rules.items().size() > MAX_RULES) {
            rules.tooMany(rules.items().size(), MAX_RULES);
        }
        rules.items().forEach(rule -> successRule(spec.at("completions").number(), rule));
    }

    private static void successRule(long completions, Field rule) {
        Field count = rule.at("succeededCount");
        Field indexes = rule.at("succeededIndexes");
        if (!count.isSet() && !indexes.isSet()) {
            rule.tellRequired(
                    "at least one of succeededCount or succeededIndexes must be specified");
        }
        long named = 0;
        if (indexes.isSet()) {
            if (indexes.text().length() > MAX_INDEXES) {
                indexes.tooLong(MAX_INDEXES);
            }
            try {
                named = Indexes.count(indexes.text(), completions);
            } catch (IllegalArgumentException e) {
                indexes.invalid("error parsing succeededIndexes: " + e.getMessage());
            }
        }
        if (!count.isSet()) {
            return;
        }
        count.notNegative();
        if (count.number() > completions) {
            count.invalid(
                    "must be less than or equal to "
                            + completions
                            + " (the number of specified completions)");
        }
        if (indexes.isSet() && count.number() > named) {
            count.invalid(
                    "must be less than or equal to "
                            + named
                            + " (the number of indexes in the specified succeededIndexes field)");
        }
    }
}
