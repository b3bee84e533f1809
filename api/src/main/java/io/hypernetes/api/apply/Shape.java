package io.hypernetes.api.apply;

import io.hypernetes.api.schema.ListType;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All of an object that decides which paths are in it, as a text: the names of fields, the keys of
 * items, the values of sets, whether a value is null, empty or zero; not the values of leaves.
 * Objects of one schema with equal texts have equal paths.
 *
 * <p>Belongs to one thread.
 */
final class Shape {

    /** Characters of those that are worth keeping. */
    static final int LONGEST = 4096;

    private final StringBuilder text = new StringBuilder(512);

    private Shape() {}

    /** Empty for a long one, and for lists that do not fit their schema. */
    static Optional<String> of(Schema.Struct schema, ObjectNode object) {
        Shape shape = new Shape();
        return shape.value(schema, object) ? Optional.of(shape.text.toString()) : Optional.empty();
    }

    private boolean value(Schema schema, JsonNode value) {
        return switch (Forms.of(schema, value)) {
            case LEAF -> {
                text.append(
                        value.isNull() ? 'n' : isEmpty(value) ? 'e' : isZero(value) ? 'z' : 'v');
                yield text.length() <= LONGEST;
            }
            case MAP -> value.isNull() ? none() : fields(schema, value);
            case LIST -> value.isNull() ? none() : items((Schema.ListOf) schema, value);
        };
    }

    private boolean none() {
        text.append('N');
        return true;
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainer() && value.isEmpty();
    }

    /** What Go would have written anyway is nobody's. */
    private static boolean isZero(JsonNode value) {
        return value.isString() && value.stringValue().isEmpty()
                || value.isNumber() && value.doubleValue() == 0
                || value.isBoolean() && !value.booleanValue();
    }

    private boolean fields(Schema schema, JsonNode object) {
        text.append('{');
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            Values.appendText(text, name);
            if (!value(Forms.field(schema, name), field.getValue())) {
                return false;
            }
        }
        text.append('}');
        return true;
    }

    private boolean items(Schema.ListOf list, JsonNode array) {
        text.append('[');
        Schema items = list.items().schema();
        for (JsonNode item : array) {
            boolean told =
                    list.type() == ListType.MAP
                            ? item.isObject() && keys(list.mapKeys(), item) && value(items, item)
                            : member(item);
            if (!told) {
                return false;
            }
        }
        text.append(']');
        return true;
    }

    private boolean keys(List<String> names, JsonNode item) {
        for (String name : names) {
            JsonNode key = item.get(name);
            if (key == null) {
                text.append('-');
            } else {
                Values.append(text, key).append(',');
            }
        }
        return true;
    }

    private boolean member(JsonNode item) {
        if (item.isContainer() || item.isNull()) {
            return false;
        }
        Values.append(text, item).append(',');
        return text.length() <= LONGEST;
    }
}
