package io.hypernetes.api.types.kind;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** Rules for the label selectors in specs. */
public final class SelectorRules {

    private SelectorRules() {}

    /** Of {@code matchLabels} and {@code matchExpressions}; a missing selector is a good one. */
    public static void check(Field selector) {
        MetadataRules.labels(selector.at("matchLabels"));
        for (Field expression : selector.at("matchExpressions").items()) {
            Field values = expression.at("values");
            switch (expression.at("operator").text()) {
                case "In", "NotIn" -> {
                    if (!values.isGiven()) {
                        values.tellRequired("must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" ->
                        values.forbiddenIfGiven(
                                "may not be specified when `operator` is 'Exists' or"
                                        + " 'DoesNotExist'");
                default ->
                        expression
                                .at("operator")
                                .invalid(
                                        expression.at("operator").text(),
                                        "not a valid selector operator");
            }
            expression.at("key").form(Names::qualifiedName);
            values.items().forEach(value -> value.form(Names::labelValue));
        }
    }

    /** As messages show it: what is not given is left out of it, but not of its expressions. */
    public static ObjectNode shown(Field selector) {
        ObjectNode shown = Json.object();
        if (selector.at("matchLabels").isGiven()) {
            shown.set("matchLabels", selector.at("matchLabels").value());
        }
        for (Field expression : selector.at("matchExpressions").items()) {
            ObjectNode part = shown.withArray("matchExpressions").addObject();
            part.put("key", expression.at("key").text());
            part.put("operator", expression.at("operator").text());
            if (expression.at("values").isGiven()) {
                part.set("values", expression.at("values").value());
            }
        }
        return shown;
    }

    /** The selector that a field means; empty when it means none. */
    public static Optional<LabelSelector> parse(Field selector) {
        try {
            return Optional.of(LabelSelector.fromObject(selector.value()));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }
}
