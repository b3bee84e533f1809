package io.hypernetes.api.types.kind;

import io.hypernetes.api.names.Names;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;

/** The rules of {@code meta/v1.LabelSelector}, wherever a kind has one. */
public final class SelectorRules {

    private SelectorRules() {}

    /**
     * @param selector nothing is told when it is not set
     */
    public static void check(Field selector) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> label : selector.at("matchLabels").object().properties()) {
            labels.put(label.getKey(), label.getValue().asString(""));
        }
        ObjectMetaValidation.labels(selector.at("matchLabels").path(), labels, selector.errors());
        selector.at("matchExpressions").items().forEach(SelectorRules::requirement);
    }

    private static void requirement(Field requirement) {
        Field values = requirement.at("values");
        switch (requirement.at("operator").text()) {
            case "In", "NotIn" ->
                    values.required("must be specified when `operator` is 'In' or 'NotIn'");
            case "Exists", "DoesNotExist" ->
                    values.forbiddenIfGiven(
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            default ->
                    requirement
                            .at("operator")
                            .invalid(
                                    requirement.at("operator").text(),
                                    "not a valid selector operator");
        }
        requirement.at("key").form(Names::qualifiedName);
        values.items().forEach(value -> value.form(Names::labelValue));
    }
}
