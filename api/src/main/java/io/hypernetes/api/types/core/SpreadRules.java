package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.SelectorRules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for how pods spread over the parts of a cluster. */
final class SpreadRules {

    private SpreadRules() {}

    static void check(Field constraints) {
        List<Field> items = constraints.items();
        for (int i = 0; i < items.size(); i++) {
            Field constraint = items.get(i);
            positive(constraint.at("maxSkew"));
            constraint.at("topologyKey").required("can not be empty");
            constraint.at("whenUnsatisfiable").oneOf("DoNotSchedule", "ScheduleAnyway");
            String pair = pair(constraint);
            if (items.subList(i + 1, items.size()).stream()
                    .map(SpreadRules::pair)
                    .anyMatch(pair::equals)) {
                constraint.at("{topologyKey, whenUnsatisfiable}").duplicate(pair);
            }
            domains(constraint);
            constraint.at("nodeAffinityPolicy").ifSet().oneOf("Honor", "Ignore");
            constraint.at("nodeTaintsPolicy").ifSet().oneOf("Honor", "Ignore");
            labelKeys(constraint);
            SelectorRules.check(constraint.at("labelSelector"));
        }
    }

    private static String pair(Field constraint) {
        return "{"
                + constraint.at("topologyKey").text()
                + ", "
                + constraint.at("whenUnsatisfiable").text()
                + "}";
    }

    private static void positive(Field number) {
        if (number.number() <= 0) {
            number.invalid(number.number(), "must be greater than zero");
        }
    }

    private static void domains(Field constraint) {
        Field least = constraint.at("minDomains");
        if (!least.isSet()) {
            return;
        }
        positive(least);
        String action = constraint.at("whenUnsatisfiable").text();
        if (!action.equals("DoNotSchedule")) {
            least.invalid(
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
        }
    }

    private static void labelKeys(Field constraint) {
        Field keys = constraint.at("matchLabelKeys");
        Field selector = constraint.at("labelSelector");
        if (keys.isGiven() && !selector.isSet()) {
            keys.forbidden("must not be specified when labelSelector is not set");
        }
        Set<String> selected = new HashSet<>(selector.at("matchLabels").keys());
        selector.at("matchExpressions")
                .items()
                .forEach(expression -> selected.add(expression.at("key").text()));
        for (Field key : keys.items()) {
            key.form(Names::qualifiedName);
            if (selected.contains(key.text())) {
                key.invalid("exists in both matchLabelKeys and labelSelector");
            }
        }
    }
}
