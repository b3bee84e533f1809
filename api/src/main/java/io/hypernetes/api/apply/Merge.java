package io.hypernetes.api.apply;

import io.hypernetes.api.apply.Forms.Form;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts a configuration over a live object. Nothing is removed; where both set a leaf, the
 * configuration's value stays.
 */
public final class Merge {

    private Merge() {}

    /**
     * @param config conforms to the schema and has no duplicates in its lists
     * @return a new tree
     */
    public static JsonNode of(Schema schema, JsonNode live, JsonNode config) {
        return merge(schema, live, config);
    }

    private static JsonNode merge(Schema schema, @Nullable JsonNode l, @Nullable JsonNode r) {
        if (r == null) {
            return l == null ? JsonNodeFactory.instance.nullNode() : l.deepCopy();
        }
        Form form = Forms.of(schema, r.isNull() ? l : r);
        if (l == null || form == Form.LEAF || isEmpty(l) && isEmpty(r)) {
            return r.deepCopy();
        }
        return switch (form) {
            case LEAF -> r.deepCopy();
            case MAP -> fields(schema, l, r);
            case LIST -> items(schema, l, r);
        };
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || value.isContainer() && value.isEmpty();
    }

    private static JsonNode fields(Schema schema, JsonNode live, JsonNode config) {
        if (!(config instanceof ObjectNode changes)) {
            return live.deepCopy();
        }
        if (!(live instanceof ObjectNode present)) {
            return changes.deepCopy();
        }
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : present.properties()) {
            String name = entry.getKey();
            merged.set(name, merge(Forms.field(schema, name), entry.getValue(), changes.get(name)));
        }
        for (Map.Entry<String, JsonNode> entry : changes.properties()) {
            if (!present.has(entry.getKey())) {
                merged.set(entry.getKey(), entry.getValue().deepCopy());
            }
        }
        return merged;
    }

    private static JsonNode items(Schema schema, JsonNode live, JsonNode config) {
        if (!(config instanceof ArrayNode changes)) {
            return live.deepCopy();
        }
        if (!(live instanceof ArrayNode present)) {
            return changes.deepCopy();
        }
        return new Items(schema, present, changes).merged();
    }

    /**
     * Two lists of keyed items. The configuration's order rules its own items; an item that only
     * the live list has keeps its place among those that both have.
     */
    private static final class Items {

        private final Schema items;
        private final ArrayNode live;
        private final List<String> liveKeys = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private final Map<String, JsonNode> wanted = new HashMap<>();

        /** By key; an item whose key occurs twice has no merging partner. */
        private final Map<String, @Nullable JsonNode> partners = new HashMap<>();

        private final ArrayNode out = JsonNodeFactory.instance.arrayNode();

        Items(Schema schema, ArrayNode live, ArrayNode config) {
            this.items = Forms.items(schema);
            this.live = live;
            for (JsonNode item : live) {
                String key = Forms.item(schema, item).encoded();
                partners.put(key, partners.containsKey(key) ? null : item);
                liveKeys.add(key);
            }
            for (JsonNode item : config) {
                String key = Forms.item(schema, item).encoded();
                keys.add(key);
                wanted.put(key, item);
            }
        }

        ArrayNode merged() {
            List<String> shared = keys.stream().filter(partners::containsKey).toList();
            Set<String> done = new HashSet<>();
            int next = 0; // in shared: the item that both have and that comes next
            int l = 0;
            int r = 0;
            while (l < liveKeys.size() || r < keys.size()) {
                if (l < liveKeys.size()) {
                    String key = liveKeys.get(l);
                    if (!wanted.containsKey(key)) {
                        out.add(live.get(l++).deepCopy());
                        continue;
                    }
                    // Shared, but its turn is later or was before.
                    boolean later =
                            r < keys.size()
                                    && !key.equals(keys.get(r))
                                    && next < shared.size()
                                    && !key.equals(shared.get(next));
                    if (later || done.contains(key)) {
                        l++;
                        continue;
                    }
                }
                if (r < keys.size()) {
                    String key = keys.get(r++);
                    out.add(merge(items, partners.get(key), wanted.get(key)));
                    done.add(key);
                    if (next < shared.size() && shared.get(next).equals(key)) {
                        next++;
                    }
                    if (l < liveKeys.size() && liveKeys.get(l).equals(key)) {
                        l++;
                    }
                }
            }
            return out;
        }
    }
}
