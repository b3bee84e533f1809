package io.hypernetes.scheduler.decision;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.scheduler.cluster.PodView;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells which of some pods cannot go without breaking a budget. Belongs to one decision. */
final class BudgetCheck {

    private record Home(Tenant tenant, String namespace) {}

    private record Budget(ObjectNode object, LabelSelector selector) {
        boolean covers(PodView pod) {
            return !selector.isEverything()
                    && selector.matches(pod.labels())
                    && !object.path("status").path("disruptedPods").has(pod.key().name());
        }
    }

    private final Budgets budgets;
    private final Map<Home, List<Budget>> known = new HashMap<>();

    BudgetCheck(Budgets budgets) {
        this.budgets = budgets;
    }

    /** In their order, each counted against what its budgets still allow. */
    List<PodView> breaking(Collection<PodView> pods) {
        Map<String, Integer> left = new HashMap<>();
        List<PodView> breaking = new ArrayList<>();
        for (PodView pod : pods) {
            boolean breaks = false;
            for (Budget budget : of(pod)) {
                if (budget.covers(pod)) {
                    int allowed =
                            budget.object().path("status").path("disruptionsAllowed").asInt(0);
                    breaks |=
                            left.merge(Metadata.uid(budget.object()), allowed - 1, (a, _) -> a - 1)
                                    < 0;
                }
            }
            if (breaks) {
                breaking.add(pod);
            }
        }
        return breaking;
    }

    private List<Budget> of(PodView pod) {
        return known.computeIfAbsent(
                new Home(pod.key().tenant(), pod.key().namespace()),
                home ->
                        budgets.of(home.tenant(), home.namespace()).stream()
                                .map(budget ->
                                        new Budget(
                                                budget,
                                                LabelSelector.fromObject(
                                                        budget.path("spec").path("selector"))))
                                .toList());
    }
}
