package io.hypernetes.api.apply;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** JSON values as structured merge orders, compares and shows them. */
final class Values {

    private Values() {}

    /** A total order: numbers, texts, flags, lists, objects, null. */
    static int compare(JsonNode a, JsonNode b) {
        if (a.isString() && b.isString()) {
            return a.stringValue().compareTo(b.stringValue());
        }
        int kinds = Integer.compare(rank(a), rank(b));
        if (kinds != 0) {
            return kinds;
        }
        return switch (a.getNodeType()) {
            case NUMBER -> a.decimalValue().compareTo(b.decimalValue());
            case BOOLEAN -> Boolean.compare(a.booleanValue(), b.booleanValue());
            case ARRAY -> compareItems(a.iterator(), b.iterator());
            case OBJECT -> compareFields(sorted(a), sorted(b));
            default -> 0;
        };
    }

    private static int rank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> 0;
            case STRING -> 1;
            case BOOLEAN -> 2;
            case ARRAY -> 3;
            case OBJECT -> 4;
            default -> 5;
        };
    }

    private static int compareItems(Iterator<JsonNode> a, Iterator<JsonNode> b) {
        while (a.hasNext() && b.hasNext()) {
            int items = compare(a.next(), b.next());
            if (items != 0) {
                return items;
            }
        }
        return Boolean.compare(a.hasNext(), b.hasNext());
    }

    private static int compareFields(Map<String, JsonNode> a, Map<String, JsonNode> b) {
        var left = a.entrySet().iterator();
        var right = b.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            var l = left.next();
            var r = right.next();
            int names = l.getKey().compareTo(r.getKey());
            int order = names != 0 ? names : compare(l.getValue(), r.getValue());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    private static Map<String, JsonNode> sorted(JsonNode object) {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.forEachEntry(fields::put);
        return fields;
    }

    /** Equal numbers are written alike: 1.0 is 1. */
    static JsonNode normal(JsonNode value) {
        if (!value.isNumber() || value.isInt() || value.isLong()) {
            return value;
        }
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        return number.scale() <= 0 && number.precision() - number.scale() < 19
                ? JsonNodeFactory.instance.numberNode(number.longValueExact())
                : JsonNodeFactory.instance.numberNode(number);
    }

    /** The value's JSON, without the way through a writer for what nearly all keys are. */
    static StringBuilder append(StringBuilder text, JsonNode value) {
        if (value.isString()) {
            return appendText(text, value.stringValue());
        }
        if (value.isInt() || value.isLong()) {
            return text.append(value.longValue());
        }
        return text.append(Json.text(normal(value)));
    }

    static StringBuilder appendText(StringBuilder text, String value) {
        return isPlain(value)
                ? text.append('"').append(value).append('"')
                : text.append(Json.text(JsonNodeFactory.instance.stringNode(value)));
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    static JsonNode parse(String text) {
        try {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (ApiException e) {
            throw new IllegalArgumentException(e.status().message(), e);
        }
    }

    /** For a path in a message: texts in quotes, {@code [=80]}. */
    static String shown(JsonNode value) {
        return Json.text(normal(value));
    }
}
