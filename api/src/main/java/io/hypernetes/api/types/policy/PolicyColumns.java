package io.hypernetes.api.types.policy;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import java.util.List;

/** What {@code kubectl get} shows of disruption budgets. */
public final class PolicyColumns {

    public static final List<Column> DISRUPTION_BUDGET =
            List.of(
                    count("Min Available", "minAvailable"),
                    count("Max Unavailable", "maxUnavailable"),
                    Columns.integer(
                            "Allowed Disruptions",
                            o -> Trees.at(o, "status", "disruptionsAllowed").asLong(0)),
                    Columns.age());

    private PolicyColumns() {}

    private static Column count(String name, String field) {
        return Column.of(
                name,
                o -> Trees.has(o, "spec", field) ? Trees.at(o, "spec", field).asString() : "N/A");
    }
}
