package io.hypernetes.api.apply;

import io.hypernetes.api.apply.Forms.Form;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the fields of an object between two states.
 *
 * @param removed paths that are no more
 * @param changed paths that were added, and leaves that have another value
 */
record Comparison(FieldSet removed, FieldSet changed) {

    private static final int ADDED = 1;
    private static final int REMOVED = 2;
    private static final int MODIFIED = 4;

    boolean isEmpty() {
        return removed.isEmpty() && changed.isEmpty();
    }

    /** One walk over both. The objects conform to the schema; duplicates in lists are borne. */
    static Comparison of(Schema schema, JsonNode before, JsonNode after) {
        FieldSetBuilder root = new FieldSetBuilder();
        compare(schema, before, after, root);
        return new Comparison(root.build(REMOVED), root.build(ADDED | MODIFIED));
    }

    Comparison filtered(FieldFilter filter) {
        return new Comparison(filter.of(removed), filter.of(changed));
    }

    /** At least one of both is there. */
    private static void compare(
            Schema schema, @Nullable JsonNode l, @Nullable JsonNode r, FieldSetBuilder at) {
        if (l == r) {
            return;
        }
        Form left = Forms.of(schema, l == null || l.isNull() ? r : l);
        Form right = Forms.of(schema, r == null || r.isNull() ? l : r);
        if (left != right) {
            // What a field of any shape held, as an object, and what it holds now.
            if (left == Form.MAP) {
                compareFields(schema, l, null, at);
            }
            if (right == Form.MAP) {
                compareFields(schema, null, r, at);
            }
            at.mark(MODIFIED);
            return;
        }
        if (left == Form.LEAF || isEmpty(l) && isEmpty(r)) {
            if (l == null || r == null || !Json.same(l, r)) {
                at.mark(l == null ? ADDED : r == null ? REMOVED : MODIFIED);
            }
            return;
        }
        if (left == Form.MAP) {
            compareFields(schema, l, r, at);
        } else {
            compareItems(schema, l, r, at);
        }
        if (l == null) {
            at.mark(ADDED);
        } else if (r == null) {
            at.mark(REMOVED);
        }
    }

    private static boolean isEmpty(@Nullable JsonNode value) {
        return value == null || value.isNull() || value.isContainer() && value.isEmpty();
    }

    private static void compareFields(
            Schema schema, @Nullable JsonNode l, @Nullable JsonNode r, FieldSetBuilder at) {
        if (r instanceof ObjectNode after) {
            for (Map.Entry<String, JsonNode> entry : after.properties()) {
                String name = entry.getKey();
                JsonNode old = l == null ? null : l.get(name);
                if (old == null && l != null) {
                    old = virtual(schema, name);
                }
                compareField(schema, name, old, entry.getValue(), at);
            }
        }
        if (l instanceof ObjectNode before) {
            for (Map.Entry<String, JsonNode> entry : before.properties()) {
                String name = entry.getKey();
                if (r == null || !r.has(name)) {
                    compareField(
                            schema,
                            name,
                            entry.getValue(),
                            r == null ? null : virtual(schema, name),
                            at);
                }
            }
        }
    }

    /** What stands in a field that is missing here but that Go would have written. */
    private static @Nullable JsonNode virtual(Schema schema, String name) {
        return schema instanceof Schema.Struct struct ? GoFields.zero(struct, name) : null;
    }

    private static void compareField(
            Schema schema,
            String name,
            @Nullable JsonNode l,
            @Nullable JsonNode r,
            FieldSetBuilder at) {
        FieldSetBuilder child = at.child(new PathElement.Field(name));
        compare(Forms.field(schema, name), l, r, child);
        at.finish(child);
    }

    private static void compareItems(
            Schema schema, @Nullable JsonNode l, @Nullable JsonNode r, FieldSetBuilder at) {
        // Most lists of most updates: to look at their items would only show it again.
        if (l != null && r != null && Json.same(l, r)) {
            return;
        }
        Schema items = Forms.items(schema);
        Map<String, Twins> all = new LinkedHashMap<>();
        collect(schema, l, all, true);
        collect(schema, r, all, false);
        for (Twins twins : all.values()) {
            FieldSetBuilder child = at.child(twins.element);
            compareTwins(items, twins, child);
            at.finish(child);
        }
    }

    /** Items of one key; a list that is not checked may hold several. */
    private record Twins(PathElement element, List<JsonNode> before, List<JsonNode> after) {}

    private static void collect(
            Schema schema, @Nullable JsonNode list, Map<String, Twins> all, boolean before) {
        if (!(list instanceof ArrayNode array)) {
            return;
        }
        for (JsonNode item : array) {
            PathElement element = Forms.item(schema, item);
            Twins twins =
                    all.computeIfAbsent(
                            element.encoded(),
                            _ -> new Twins(element, new ArrayList<>(1), new ArrayList<>(1)));
            (before ? twins.before : twins.after).add(item);
        }
    }

    private static void compareTwins(Schema items, Twins twins, FieldSetBuilder at) {
        List<JsonNode> l = twins.before;
        List<JsonNode> r = twins.after;
        if (l.size() <= 1 && r.size() <= 1) {
            compare(
                    items,
                    l.isEmpty() ? null : l.getFirst(),
                    r.isEmpty() ? null : r.getFirst(),
                    at);
        } else if (l.size() > 1 && r.size() > 1) {
            if (!sameItems(l, r)) {
                at.mark(MODIFIED);
            }
        } else if (l.size() > 1) {
            if (!r.isEmpty()) {
                compare(items, null, r.getFirst(), at);
            }
            at.mark(REMOVED);
        } else {
            if (!l.isEmpty()) {
                compare(items, l.getFirst(), null, at);
            }
            at.mark(ADDED);
        }
    }

    private static boolean sameItems(List<JsonNode> l, List<JsonNode> r) {
        if (l.size() != r.size()) {
            return false;
        }
        for (int i = 0; i < l.size(); i++) {
            if (!Json.same(l.get(i), r.get(i))) {
                return false;
            }
        }
        return true;
    }
}
