package io.hypernetes.api.apply;

import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;

/** The fields that a configuration names, which is what its applier owns. */
final class Leaves {

    private static final int MEMBER = 1;

    private Leaves() {}

    /** All leaves, all items of lists and all keys of maps; fields that only lead there are not. */
    static FieldSet of(Schema schema, JsonNode object) {
        FieldSetBuilder root = new FieldSetBuilder();
        collect(schema, object, root);
        return root.build(MEMBER);
    }

    private static void collect(Schema schema, JsonNode value, FieldSetBuilder at) {
        switch (Forms.of(schema, value)) {
            case LEAF -> at.mark(MEMBER);
            case MAP -> {
                if (value instanceof ObjectNode object) {
                    collectFields(schema, object, at);
                }
            }
            case LIST -> {
                if (value instanceof ArrayNode array) {
                    collectItems(schema, array, at);
                }
            }
        }
    }

    private static void collectFields(Schema schema, ObjectNode object, FieldSetBuilder at) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode value = entry.getValue();
            FieldSetBuilder child = at.child(new PathElement.Field(entry.getKey()));
            collect(Forms.field(schema, entry.getKey()), value, child);
            boolean empty = value.isNull() || value instanceof ObjectNode map && map.isEmpty();
            if (empty || !Forms.names(schema, entry.getKey())) {
                child.mark(MEMBER);
            }
            at.finish(child);
        }
    }

    private static void collectItems(Schema schema, ArrayNode list, FieldSetBuilder at) {
        Map<String, Integer> counts = new HashMap<>();
        for (JsonNode item : list) {
            counts.merge(Forms.item(schema, item).encoded(), 1, Integer::sum);
        }
        for (JsonNode item : list) {
            PathElement element = Forms.item(schema, item);
            FieldSetBuilder child = at.child(element);
            child.mark(MEMBER);
            // Twins cannot be told apart further down.
            if (counts.getOrDefault(element.encoded(), 1) == 1) {
                collect(Forms.items(schema), item, child);
            }
            at.finish(child);
        }
    }
}
