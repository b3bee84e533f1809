package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.select.Requirement;
import io.hypernetes.api.select.Requirement.Operator;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Selectors that also look at the pod's own labels. */
final class Selectors {

    private Selectors() {}

    /**
     * KEP-3243, KEP-3633: values of the pod's own labels, for instance its {@code
     * pod-template-hash}, that others must have, or must not. A label it does not have says
     * nothing.
     */
    static LabelSelector withLabelKeys(
            LabelSelector selector, Map<String, String> own, JsonNode same, JsonNode other) {
        if (same.isEmpty() && other.isEmpty()) {
            return selector;
        }
        List<Requirement> requirements = new ArrayList<>(selector.requirements());
        add(requirements, own, same, Operator.IN);
        add(requirements, own, other, Operator.NOT_IN);
        return new LabelSelector(requirements);
    }

    private static void add(
            List<Requirement> requirements,
            Map<String, String> own,
            JsonNode keys,
            Operator operator) {
        for (JsonNode key : keys) {
            String value = own.get(key.asString(""));
            if (value != null) {
                requirements.add(new Requirement(key.asString(""), operator, List.of(value)));
            }
        }
    }
}
