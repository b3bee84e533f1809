package io.hypernetes.api.types.policy;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.ConditionRules;
import io.hypernetes.api.types.kind.Counts;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** PodDisruptionBudgets. */
public final class DisruptionBudgetStrategy extends KindStrategy {

    public DisruptionBudgetStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void prepareForCreate(ObjectNode budget) {
        ObjectNode status = budget.putObject("status");
        for (String count :
                List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")) {
            status.put(count, 0);
        }
    }

    @Override
    public JsonNode desired(ObjectNode budget) {
        return counted(budget.path("spec"));
    }

    @Override
    protected void rules(Field budget) {
        Field spec = budget.at("spec");
        if (spec.at("minAvailable").isSet() && spec.at("maxUnavailable").isSet()) {
            spec.invalid("minAvailable and maxUnavailable cannot be both set");
        }
        for (String field : List.of("minAvailable", "maxUnavailable")) {
            if (spec.at(field).isSet()) {
                Counts.numberOrPercent(spec.at(field));
                Counts.atMostAll(spec.at(field));
            }
        }
        SelectorRules.check(spec.at("selector"));
        spec.at("unhealthyPodEvictionPolicy").ifSet().oneOf("AlwaysAllow", "IfHealthyBudget");
    }

    @Override
    protected void statusRules(Field budget, Field old) {
        ConditionRules.check(budget.at("status", "conditions"));
        Counts.notNegative(
                budget.at("status"),
                "disruptionsAllowed",
                "currentHealthy",
                "desiredHealthy",
                "expectedPods");
    }
}
