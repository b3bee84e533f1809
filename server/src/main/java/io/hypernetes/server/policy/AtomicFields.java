package io.hypernetes.server.policy;

import io.hypernetes.api.schema.ListType;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds what an ApplyConfiguration may not hold: lists and objects that would be replaced as a
 * whole, and so lose what it does not say.
 */
final class AtomicFields {
    private AtomicFields() {}

    static List<String> of(Schema schema, JsonNode value) {
        List<String> found = new ArrayList<>();
        walk(schema, value, "", found);
        return found;
    }

    private static void walk(Schema schema, JsonNode value, String path, List<String> found) {
        switch (schema) {
            case Schema.Struct struct when value.isObject() -> {
                if (struct.atomic()) {
                    found.add(path);
                }
                value.forEachEntry((name, item) ->
                        struct.property(name)
                                .ifPresent(property ->
                                        walk(property.schema(), item, path + "." + name, found)));
            }
            case Schema.MapOf map when value.isObject() -> {
                if (map.atomic()) {
                    found.add(path);
                }
            }
            case Schema.ListOf list when value.isArray() -> {
                if (list.type() == ListType.ATOMIC) {
                    found.add(path);
                    return;
                }
                for (int i = 0; i < value.size(); i++) {
                    walk(list.items().schema(), value.get(i), path + "[" + i + "]", found);
                }
            }
            case Schema.Struct _,
                    Schema.MapOf _,
                    Schema.ListOf _,
                    Schema.Scalar _,
                    Schema.Any _ -> {}
        }
    }
}
