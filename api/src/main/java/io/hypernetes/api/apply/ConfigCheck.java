package io.hypernetes.api.apply;

import io.hypernetes.api.json.GoValue;
import io.hypernetes.api.schema.ListType;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a configuration conforms to its schema: only declared fields, values of the declared
 * type, no two items of one key. The words are those of structured-merge-diff, Go's way to print a
 * value included, because users search for them.
 */
final class ConfigCheck {

    private final List<String> errors = new ArrayList<>();

    private ConfigCheck() {}

    /** What is wrong, as one text; empty when nothing is. */
    static String errors(Schema schema, JsonNode config) {
        ConfigCheck check = new ConfigCheck();
        check.value(schema, config, "");
        return check.errors.size() <= 1
                ? String.join("", check.errors)
                : check.errors.stream()
                        .map(error -> "\n  " + error)
                        .collect(Collectors.joining("", "errors:", ""));
    }

    private void fail(String path, String message) {
        errors.add(path.isEmpty() ? message : path + ": " + message);
    }

    private void value(Schema schema, JsonNode value, String path) {
        if (value.isNull()) {
            return;
        }
        switch (schema) {
            case Schema.Struct struct -> struct(struct, value, path);
            case Schema.MapOf map -> {
                if (value instanceof ObjectNode object) {
                    object.forEachEntry(
                            (name, item) -> value(map.values().schema(), item, path + "." + name));
                } else {
                    fail(path, "expected map, got &{" + GoValue.printed(value) + "}");
                }
            }
            case Schema.ListOf list -> list(list, value, path);
            case Schema.Scalar scalar -> scalar(scalar, value, path);
            case Schema.Any _ -> {}
        }
    }

    private void struct(Schema.Struct struct, JsonNode value, String path) {
        if (!(value instanceof ObjectNode object)) {
            fail(path, "expected map, got &{" + GoValue.printed(value) + "}");
            return;
        }
        boolean open = struct.preservesUnknown() || struct.properties().isEmpty();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String child = path + "." + entry.getKey();
            Property property = struct.properties().get(entry.getKey());
            if (property != null) {
                value(property.schema(), entry.getValue(), child);
            } else if (!open) {
                fail(child, "field not declared in schema");
                return; // upstream looks no further into this object
            }
        }
    }

    private void list(Schema.ListOf list, JsonNode value, String path) {
        if (!(value instanceof ArrayNode array)) {
            fail(path, "expected list, got &{" + GoValue.printed(value) + "}");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode item = array.get(i);
            PathElement element;
            try {
                element =
                        list.type() == ListType.ATOMIC
                                ? new PathElement.Index(i)
                                : Forms.item(list, item);
            } catch (IllegalArgumentException e) {
                fail(path, "element " + i + ": " + e.getMessage());
                return;
            }
            if (!seen.add(element.encoded())) {
                fail(path, "duplicate entries for key " + element);
            }
            value(list.items().schema(), item, path + element);
        }
    }

    private void scalar(Schema.Scalar scalar, JsonNode value, String path) {
        switch (scalar.type()) {
            case STRING, BYTES -> {
                if (!value.isString()) {
                    fail(
                            path,
                            "expected string, got &value.valueUnstructured{Value:"
                                    + goSyntax(value)
                                    + "}");
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    fail(path, "expected boolean, got &{" + GoValue.printed(value) + "}");
                }
            }
            case INT32, INT64, DOUBLE -> {
                if (!value.isNumber()) {
                    fail(path, "expected numeric (int or float), got " + GoValue.typeName(value));
                }
            }
            case TIME, MICRO_TIME, QUANTITY, INT_OR_STRING -> {
                if (value.isContainer()) {
                    fail(path, "expected any scalar, got &{" + GoValue.printed(value) + "}");
                }
            }
        }
    }

    /** As {@code %#v} prints a value. */
    private static String goSyntax(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                List<String> fields = new ArrayList<>();
                object.forEachEntry(
                        (name, item) -> fields.add('"' + name + "\":" + goSyntax(item)));
                yield fields.stream()
                        .sorted()
                        .collect(Collectors.joining(", ", "map[string]interface {}{", "}"));
            }
            case ArrayNode array -> {
                List<String> items = new ArrayList<>();
                array.forEach(item -> items.add(goSyntax(item)));
                yield String.join(", ", items).transform(all -> "[]interface {}{" + all + "}");
            }
            default -> value.isString() ? Values.shown(value) : GoValue.printed(value);
        };
    }
}
