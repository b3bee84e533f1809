package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The values of a row that is written, in the notation of RFC 7047 section 5.1. */
public final class Columns {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode row = NODES.objectNode();

    public Columns text(String column, String value) {
        row.put(column, value);
        return this;
    }

    public Columns number(String column, long value) {
        row.put(column, value);
        return this;
    }

    public Columns texts(String column, Collection<String> values) {
        row.set(column, set(values.stream().<JsonNode>map(NODES::stringNode).toList()));
        return this;
    }

    public Columns map(String column, Map<String, String> values) {
        row.set(column, mapOf(values));
        return this;
    }

    /** References to rows that are in the database already. */
    public Columns references(String column, Collection<String> uuids) {
        row.set(column, set(uuids.stream().<JsonNode>map(Columns::uuid).toList()));
        return this;
    }

    /** A reference to a row that the same transaction inserts under this name. */
    public Columns inserted(String column, String name) {
        return inserted(column, List.of(name));
    }

    /** References to rows that the same transaction inserts under these names. */
    public Columns inserted(String column, Collection<String> names) {
        row.set(column, set(names.stream().map(Columns::namedUuid).toList()));
        return this;
    }

    ObjectNode toJson() {
        return row;
    }

    static ArrayNode uuid(String uuid) {
        return NODES.arrayNode().add("uuid").add(uuid);
    }

    static ArrayNode namedUuid(String name) {
        return NODES.arrayNode().add("named-uuid").add(name);
    }

    static ArrayNode set(Collection<? extends JsonNode> values) {
        ArrayNode elements = NODES.arrayNode();
        values.forEach(elements::add);
        return NODES.arrayNode().add("set").add(elements);
    }

    static ArrayNode mapOf(Map<String, String> values) {
        ArrayNode pairs = NODES.arrayNode();
        values.forEach((key, value) -> pairs.add(NODES.arrayNode().add(key).add(value)));
        return NODES.arrayNode().add("map").add(pairs);
    }
}
