package io.hypernetes.api.custom;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Drops what a structural schema does not specify, and tells what it dropped. */
final class Pruner {
    static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

    private final List<String> dropped = new ArrayList<>();

    private Pruner() {}

    /**
     * Prunes in place.
     *
     * @return the paths of dropped fields, sorted
     */
    static List<String> prune(Structural root, ObjectNode object) {
        return pruneValue(root.asResource(), object);
    }

    /** As {@link #prune}, of a value that is no resource. */
    static List<String> pruneValue(Structural schema, JsonNode value) {
        Pruner pruner = new Pruner();
        pruner.walk(schema, value, "");
        return pruner.dropped.stream().sorted().toList();
    }

    private void walk(@Nullable Structural schema, JsonNode value, String path) {
        if (schema != null && schema.preserves()) {
            keep(schema, value, path);
            return;
        }
        switch (value) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
                    String at = join(path, entry.getKey());
                    if (!known(schema, entry, at)) {
                        dropped.add(at);
                        object.remove(entry.getKey());
                    }
                }
            }
            case ArrayNode array -> {
                Structural items = schema == null ? null : schema.items();
                for (int i = 0; i < array.size(); i++) {
                    walk(items, array.get(i), path + "[" + i + "]");
                }
            }
            default -> {}
        }
    }

    /** Unknown fields stay, but what is specified is pruned inside. */
    private void keep(@Nullable Structural schema, JsonNode value, String path) {
        if (schema == null) {
            return;
        }
        switch (value) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
                    known(schema, entry, join(path, entry.getKey()));
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    keep(schema.items(), array.get(i), path + "[" + i + "]");
                }
            }
            default -> {}
        }
    }

    /** Prunes inside a field that is specified; false when it is not. */
    private boolean known(
            @Nullable Structural schema, Map.Entry<String, JsonNode> entry, String at) {
        if (schema == null) {
            return false;
        }
        if (schema.embedded() && ENVELOPE.contains(entry.getKey())) {
            return true;
        }
        Structural field = schema.field(entry.getKey());
        if (field == null && !schema.open()) {
            return false;
        }
        // Of additionalProperties: true nothing is known inside.
        walk(field, entry.getValue(), at);
        return true;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
