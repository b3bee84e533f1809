package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** Tells of the rows of a table and keeps none of them. */
final class RowFeed implements Monitored {

    private final String table;
    private final List<String> columns;
    private final RowListener listener;

    RowFeed(String table, List<String> columns, RowListener listener) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.listener = listener;
    }

    @Override
    public Map<String, List<String>> columns() {
        return Map.of(table, columns);
    }

    @Override
    public void reset(JsonNode updates) {
        apply(updates);
    }

    @Override
    public void apply(JsonNode updates) {
        for (Map.Entry<String, JsonNode> row : updates.path(table).properties()) {
            if (row.getValue().path("new") instanceof ObjectNode values) {
                listener.changed(new Row(row.getKey(), values));
            } else if (row.getValue().path("old") instanceof ObjectNode values) {
                listener.gone(new Row(row.getKey(), values));
            }
        }
    }
}
