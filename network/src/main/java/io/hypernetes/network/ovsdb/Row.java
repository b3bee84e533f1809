package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A row as the server sent it, with the columns that were asked for. A column that is not there
 * reads as empty.
 *
 * @param uuid of the row
 * @param columns the values in the notation of RFC 7047 section 5.1
 */
public record Row(String uuid, ObjectNode columns) {

    /** A string; of an optional string, the empty one when there is none. */
    public String text(String column) {
        List<String> values = texts(column);
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** An integer; -1 when an optional one is not set. */
    public long number(String column) {
        JsonNode value = columns.path(column);
        return value.isIntegralNumber() ? value.longValue() : -1;
    }

    /** A set of strings. The notation drops the brackets of a set of one. */
    public List<String> texts(String column) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : elements(columns.path(column))) {
            if (element.isString()) {
                texts.add(element.stringValue());
            }
        }
        return texts;
    }

    /** A set of references to other rows. */
    public List<String> references(String column) {
        JsonNode value = columns.path(column);
        List<String> uuids = new ArrayList<>();
        for (JsonNode element : isTagged(value, "uuid") ? List.of(value) : elements(value)) {
            if (isTagged(element, "uuid")) {
                uuids.add(element.path(1).asString());
            }
        }
        return uuids;
    }

    public Map<String, String> map(String column) {
        Map<String, String> map = new HashMap<>();
        JsonNode value = columns.path(column);
        if (isTagged(value, "map")) {
            for (JsonNode pair : value.path(1)) {
                map.put(pair.path(0).asString(), pair.path(1).asString());
            }
        }
        return map;
    }

    private static Iterable<JsonNode> elements(JsonNode value) {
        return isTagged(value, "set") ? value.path(1) : List.of(value);
    }

    private static boolean isTagged(JsonNode value, String tag) {
        return value.isArray() && value.size() == 2 && value.path(0).asString("").equals(tag);
    }
}
