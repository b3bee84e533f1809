package io.hypernetes.api.schema;

import io.hypernetes.api.ApiException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.TreeSet;

/** The instructions within a strategic merge patch, which never end up in an object. */
final class Directives {

    static final String PATCH = "$patch";
    static final String REPLACE = "replace";
    static final String DELETE = "delete";
    static final String MERGE = "merge";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String SET_ORDER = "$setElementOrder/";
    static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";

    private Directives() {}

    /** Removes directives and nulls from a value that is taken as it is, in place. */
    static JsonNode drop(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> dropFrom(object);
            case ArrayNode list -> dropFrom(list);
            default -> value;
        };
    }

    static ObjectNode dropFrom(ObjectNode object) {
        for (String key : new ArrayList<>(object.propertyNames())) {
            JsonNode value = object.get(key);
            if (value.isNull() || isDirective(key)) {
                object.remove(key);
            } else {
                drop(value);
            }
        }
        return object;
    }

    static ArrayNode dropFrom(ArrayNode list) {
        list.removeIf(item ->
                item.path(PATCH).asString("").equals(DELETE)
                        || (item.path(PATCH).asString("").equals(REPLACE) && item.size() == 1));
        list.forEach(Directives::drop);
        return list;
    }

    private static boolean isDirective(String key) {
        return key.equals(PATCH)
                || key.equals(RETAIN_KEYS)
                || key.startsWith(SET_ORDER)
                || key.startsWith(DELETE_FROM_LIST);
    }

    static ApiException unknown(JsonNode directive, JsonNode in) {
        return ApiException.badRequest(
                "unknown patch type: " + directive.asString("") + " in map: " + goText(in));
    }

    /** As Go prints a decoded value: {@code map[a:1 b:[x y]]}. */
    static String goText(JsonNode value) {
        StringBuilder text = new StringBuilder();
        switch (value) {
            case ObjectNode object -> {
                text.append("map[");
                String separator = "";
                for (String key : new TreeSet<>(object.propertyNames())) {
                    text.append(separator).append(key).append(':').append(goText(object.path(key)));
                    separator = " ";
                }
                text.append(']');
            }
            case ArrayNode list -> {
                text.append('[');
                String separator = "";
                for (JsonNode item : list) {
                    text.append(separator).append(goText(item));
                    separator = " ";
                }
                text.append(']');
            }
            default -> text.append(value.isNull() ? "<nil>" : value.asString(""));
        }
        return text.toString();
    }
}
