package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Operations that are done together or not at all (RFC 7047 section 5.2). Every method returns the
 * place of its operation, under which {@link Results} has the answer.
 */
public final class Transaction {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ArrayNode operations = NODES.arrayNode();

    /** Which rows: those whose column compares so with the value. */
    public record Condition(String column, String function, JsonNode value) {

        public static Condition is(String column, String text) {
            return new Condition(column, "==", NODES.stringNode(text));
        }

        public static Condition row(String uuid) {
            return new Condition("_uuid", "==", Columns.uuid(uuid));
        }

        /** Rows whose map has this key with this value. */
        public static Condition has(String column, String key, String value) {
            return new Condition(column, "includes", Columns.mapOf(Map.of(key, value)));
        }
    }

    /** Inserts a row. {@code name} is how other operations of this transaction refer to it. */
    public int insert(String table, String name, Columns row) {
        ObjectNode operation = operation("insert", table);
        operation.put("uuid-name", name);
        operation.set("row", row.toJson());
        return add(operation);
    }

    public int select(String table, List<Condition> where, String... columns) {
        ObjectNode operation = operation("select", table);
        operation.set("where", conditions(where));
        operation.set("columns", names(columns).add("_uuid").add("_version"));
        return add(operation);
    }

    public int update(String table, Condition where, Columns row) {
        ObjectNode operation = operation("update", table);
        operation.set("where", conditions(List.of(where)));
        operation.set("row", row.toJson());
        return add(operation);
    }

    public int delete(String table, Condition where) {
        ObjectNode operation = operation("delete", table);
        operation.set("where", conditions(List.of(where)));
        return add(operation);
    }

    /** Adds a row that this transaction inserts to a set of references. */
    public int addInserted(String table, Condition where, String column, String name) {
        return mutate(
                table, where, column, "insert", Columns.set(List.of(Columns.namedUuid(name))));
    }

    /** Adds rows that are there already to a set of references. */
    public int addReferences(
            String table, Condition where, String column, Collection<String> uuids) {
        return mutate(
                table,
                where,
                column,
                "insert",
                Columns.set(uuids.stream().map(Columns::uuid).toList()));
    }

    /** Takes rows out of a set of references; a row of a non-root table goes with its last one. */
    public int removeReferences(
            String table, Condition where, String column, Collection<String> uuids) {
        return mutate(
                table,
                where,
                column,
                "delete",
                Columns.set(uuids.stream().map(Columns::uuid).toList()));
    }

    /** Sets keys of a map and leaves its other keys alone. */
    public int putKeys(String table, Condition where, String column, Map<String, String> values) {
        removeKeys(table, where, column, values.keySet());
        return mutate(table, where, column, "insert", Columns.mapOf(values));
    }

    /** Takes keys out of a map, or texts out of a set. */
    public int removeKeys(String table, Condition where, String column, Collection<String> keys) {
        return mutate(table, where, column, "delete", texts(keys));
    }

    /** Adds texts to a set. */
    public int addTexts(String table, Condition where, String column, Collection<String> values) {
        return mutate(table, where, column, "insert", texts(values));
    }

    private static ArrayNode texts(Collection<String> values) {
        return Columns.set(values.stream().<JsonNode>map(NODES::stringNode).toList());
    }

    /** Adds one to a number in all rows of a table. */
    public int increment(String table, String column) {
        ObjectNode operation = operation("mutate", table);
        operation.putArray("where");
        operation.set(
                "mutations", NODES.arrayNode().add(NODES.arrayNode().add(column).add("+=").add(1)));
        return add(operation);
    }

    /**
     * Lets the transaction fail with {@code CONFLICT} unless the rows that match have exactly these
     * values now. No rows means that nothing may match.
     */
    public int require(String table, Condition where, List<String> columns, List<Columns> rows) {
        ObjectNode operation = operation("wait", table);
        operation.put("timeout", 0);
        operation.set("where", conditions(List.of(where)));
        operation.set("columns", names(columns.toArray(String[]::new)));
        operation.put("until", "==");
        ArrayNode values = NODES.arrayNode();
        rows.forEach(row -> values.add(row.toJson()));
        operation.set("rows", values);
        return add(operation);
    }

    /** Lets the transaction fail with {@code CONFLICT} when the row has changed or is gone. */
    public int requireUnchanged(String table, Row row) {
        Columns version = new Columns();
        version.toJson().set("_version", row.columns().path("_version"));
        return require(table, Condition.row(row.uuid()), List.of("_version"), List.of(version));
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return operations.isEmpty();
    }

    ArrayNode operations() {
        return operations;
    }

    private int mutate(
            String table, Condition where, String column, String mutator, JsonNode value) {
        ObjectNode operation = operation("mutate", table);
        operation.set("where", conditions(List.of(where)));
        operation.set(
                "mutations",
                NODES.arrayNode().add(NODES.arrayNode().add(column).add(mutator).add(value)));
        return add(operation);
    }

    private int add(ObjectNode operation) {
        operations.add(operation);
        return operations.size() - 1;
    }

    private static ObjectNode operation(String name, String table) {
        return NODES.objectNode().put("op", name).put("table", table);
    }

    private static ArrayNode conditions(List<Condition> where) {
        ArrayNode conditions = NODES.arrayNode();
        where.forEach(c -> conditions.add(triple(c)));
        return conditions;
    }

    private static ArrayNode triple(Condition condition) {
        return NODES.arrayNode()
                .add(condition.column())
                .add(condition.function())
                .add(condition.value());
    }

    private static ArrayNode names(String... columns) {
        ArrayNode names = NODES.arrayNode();
        for (String column : columns) {
            names.add(column);
        }
        return names;
    }
}
