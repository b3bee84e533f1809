package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** No two items of a set are the same, no two of a map have the same keys. */
final class ListRules {
    private ListRules() {}

    static void check(Structural schema, JsonNode value, String path, List<FieldError> errors) {
        switch (value) {
            case ObjectNode object ->
                    object.forEachEntry((name, item) -> {
                        Structural property = schema.properties().get(name);
                        Structural additional = schema.additional();
                        if (property != null) {
                            check(
                                    property,
                                    item,
                                    path.isEmpty() ? name : path + "." + name,
                                    errors);
                        } else if (additional != null) {
                            check(additional, item, path + "[" + name + "]", errors);
                        }
                    });
            case ArrayNode array -> {
                if (schema.listType().equals("map")) {
                    objects(array, path, errors);
                }
                if (!schema.listType().equals("atomic")) {
                    duplicates(schema, array, path, errors);
                }
                Structural items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    check(items, array.get(i), path + "[" + i + "]", errors);
                }
            }
            default -> {}
        }
    }

    private static void objects(ArrayNode array, String path, List<FieldError> errors) {
        for (int i = 0; i < array.size(); i++) {
            JsonNode item = array.get(i);
            if (!item.isObject() && !item.isNull()) {
                errors.add(
                        FieldError.invalid(
                                path + "[" + i + "]",
                                FieldError.shown(item),
                                "must be an object for an array of list-type map"));
            }
        }
    }

    private static void duplicates(
            Structural schema, ArrayNode array, String path, List<FieldError> errors) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode identity = identity(schema, array.get(i));
            // Told at the first repetition only, as upstream does.
            if (seen.merge(Json.text(identity), 1, Integer::sum) == 2) {
                errors.add(
                        new FieldError(
                                path + "[" + i + "]",
                                FieldError.Type.DUPLICATE,
                                "Duplicate value: " + Json.text(identity)));
            }
        }
    }

    private static JsonNode identity(Structural schema, JsonNode item) {
        if (schema.listType().equals("set") || !item.isObject()) {
            return item;
        }
        ObjectNode keys = Json.object();
        for (String key : schema.mapKeys()) {
            if (item.has(key)) {
                keys.set(key, item.get(key));
            }
        }
        return keys;
    }
}
