package io.hypernetes.api.types.scheduling;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import java.util.List;

/** What {@code kubectl get} shows of priority classes. */
public final class SchedulingColumns {

    public static final List<Column> PRIORITY_CLASS =
            List.of(
                    Columns.integer("Value", o -> o.path("value").asLong(0)),
                    new Column(
                            "Global-Default",
                            "boolean",
                            "",
                            "",
                            0,
                            o -> o.path("globalDefault").asBoolean(false)),
                    Columns.age(),
                    Columns.text("PreemptionPolicy", "preemptionPolicy"));

    private SchedulingColumns() {}
}
