package io.hypernetes.scheduler.decision;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.plugin.Filter;
import io.hypernetes.scheduler.plugin.Filter.Prepared;
import io.hypernetes.scheduler.plugin.Refusal;
import io.hypernetes.scheduler.plugin.Trigger;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The filters, prepared for one pod and the cluster as it is now.
 *
 * @param never why no node will do
 */
record Fit(List<Filter> asked, List<Filter.NodeCheck> checks, Optional<String> never) {

    static Fit prepare(List<Filter> filters, PodView pod, Cluster cluster) {
        List<Filter> asked = new ArrayList<>();
        List<Filter.NodeCheck> checks = new ArrayList<>();
        for (Filter filter : filters) {
            switch (filter.prepare(pod, cluster)) {
                case Prepared.Skip() -> {}
                case Prepared.Never(String reason) -> {
                    return new Fit(List.of(filter), List.of(), Optional.of(reason));
                }
                case Prepared.Check(Filter.NodeCheck check) -> {
                    asked.add(filter);
                    checks.add(check);
                }
            }
        }
        return new Fit(asked, checks, Optional.empty());
    }

    /** The first filter that refuses tells. */
    Refusal of(NodeState node) {
        for (Filter.NodeCheck check : checks) {
            Refusal refusal = check.of(node);
            if (!refusal.passes()) {
                return refusal;
            }
        }
        return Refusal.NONE;
    }

    Set<Trigger> helpedBy() {
        EnumSet<Trigger> triggers = EnumSet.of(Trigger.NODE_CHANGED);
        asked.forEach(filter -> triggers.addAll(filter.helpedBy()));
        return triggers;
    }
}
