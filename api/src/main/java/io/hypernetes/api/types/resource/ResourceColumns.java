package io.hypernetes.api.types.resource;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** What {@code kubectl get} shows of claims and what serves them. */
public final class ResourceColumns {

    public static final List<Column> CLAIM =
            List.of(Column.of("State", ResourceColumns::state), Columns.age());

    public static final List<Column> SLICE =
            List.of(
                    Column.of("Node", ResourceColumns::node),
                    Columns.text("Driver", "spec", "driver"),
                    Columns.text("Pool", "spec", "pool", "name"),
                    Columns.age());

    private ResourceColumns() {}

    private static String state(ObjectNode claim) {
        List<String> states = new ArrayList<>();
        if (has(claim, "metadata", "deletionTimestamp")) {
            states.add("deleted");
        }
        boolean allocated = has(claim, "status", "allocation");
        if (!allocated && !has(claim, "metadata", "deletionTimestamp")) {
            states.add("pending");
        }
        if (allocated) {
            states.add("allocated");
            if (!at(claim, "status", "reservedFor").isEmpty()) {
                states.add("reserved");
            }
        }
        return String.join(",", states);
    }

    private static String node(ObjectNode slice) {
        String name = text(slice, "spec", "nodeName");
        if (!name.isEmpty()) {
            return name;
        }
        return at(slice, "spec", "allNodes").asBoolean(false) ? "<all>" : "";
    }
}
