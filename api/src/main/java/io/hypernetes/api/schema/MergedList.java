package io.hypernetes.api.schema;

import io.hypernetes.api.ApiException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list that a strategic merge patch merges: of objects told apart by a merge key, or of scalars,
 * which are their own key.
 *
 * <p>Order of the result: items of the patch in the patch's order, items that only the server has
 * in theirs; where both know an item's place, the server's item goes before a patch's item that
 * follows it on the server.
 *
 * @param items the shape of an item
 * @param mergeKey empty for scalars
 */
record MergedList(Schema items, String mergeKey) {

    /**
     * @param original used up
     * @param patch used up
     */
    ArrayNode merge(ArrayNode original, ArrayNode patch) {
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        if (!isObjects(original, patch)) {
            Map<String, JsonNode> merged = new LinkedHashMap<>();
            original.forEach(item -> merged.putIfAbsent(key(item), item));
            patch.forEach(item -> merged.putIfAbsent(key(item), item));
            return inOrder(array(merged.values()), patch, original);
        }
        if (mergeKey.isEmpty()) {
            throw ApiException.badRequest("cannot merge lists without merge key");
        }
        ArrayNode server = original.deepCopy();
        ArrayNode changes = applyDirectives(server, patch);
        if (replaces(patch)) {
            return Directives.dropFrom(changes);
        }
        ArrayNode merged = server.deepCopy();
        changes.forEach(change -> mergeItem(merged, (ObjectNode) change.deepCopy()));
        return inOrder(merged, changes, server);
    }

    /**
     * Into the first item of the same key: the server's list may hold several, as ports of one
     * number and two protocols, and keeps the others as they are.
     */
    private void mergeItem(ArrayNode merged, ObjectNode change) {
        String key = key(change);
        for (int i = 0; i < merged.size(); i++) {
            if (key(merged.get(i)).equals(key)) {
                merged.set(
                        i,
                        StrategicMergePatch.mergeObject(items, (ObjectNode) merged.get(i), change));
                return;
            }
        }
        merged.add(Directives.dropFrom(change));
    }

    /** Deletes what {@code $patch: delete} names; returns the items without a directive. */
    private ArrayNode applyDirectives(ArrayNode original, ArrayNode patch) {
        ArrayNode plain = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : patch) {
            JsonNode directive = item.get(Directives.PATCH);
            if (directive == null) {
                plain.add(item);
                continue;
            }
            switch (directive.asString("")) {
                case Directives.DELETE -> {
                    String unwanted = key(item);
                    original.removeIf(present -> key(present).equals(unwanted));
                }
                case Directives.REPLACE -> {}
                case Directives.MERGE ->
                        throw ApiException.badRequest(
                                "merging lists cannot yet be specified in the patch");
                default -> throw Directives.unknown(directive, item);
            }
        }
        return plain;
    }

    private static boolean replaces(ArrayNode patch) {
        for (JsonNode item : patch) {
            if (item.path(Directives.PATCH).asString("").equals(Directives.REPLACE)) {
                return true;
            }
        }
        return false;
    }

    static ArrayNode without(ArrayNode list, ArrayNode unwanted) {
        Set<String> texts = new HashSet<>();
        unwanted.forEach(item -> texts.add(item.asString("")));
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        list.forEach(item -> {
            if (!texts.contains(item.asString(""))) {
                kept.add(item);
            }
        });
        return kept;
    }

    /** A patch must list its items in the order that it asks for. */
    void checkOrder(ArrayNode patch, ArrayNode order) {
        int position = 0;
        for (JsonNode item : patch) {
            if (item.path(Directives.PATCH).asString("").equals(Directives.DELETE)) {
                continue;
            }
            while (position < order.size() && !key(order.get(position)).equals(key(item))) {
                position++;
            }
            if (position == order.size()) {
                throw ApiException.badRequest(
                        "The order in patch list:\n"
                                + Directives.goText(patch)
                                + "\n doesn't match $setElementOrder list:\n"
                                + Directives.goText(order)
                                + "\n");
            }
            position++;
        }
    }

    /**
     * @param order what the patch says of the order
     * @param server the list before the patch
     */
    ArrayNode inOrder(ArrayNode merged, ArrayNode order, ArrayNode server) {
        Map<String, Integer> wanted = positions(order);
        Map<String, Integer> known = positions(server);
        List<JsonNode> patched = new ArrayList<>();
        List<JsonNode> serverOnly = new ArrayList<>();
        merged.forEach(item -> (wanted.containsKey(key(item)) ? patched : serverOnly).add(item));
        patched.sort(Comparator.comparing(item -> wanted.getOrDefault(key(item), 0)));
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        int next = 0;
        for (JsonNode item : patched) {
            Integer place = known.get(key(item));
            while (next < serverOnly.size()
                    && place != null
                    && known.getOrDefault(key(serverOnly.get(next)), Integer.MAX_VALUE) < place) {
                result.add(serverOnly.get(next++));
            }
            result.add(item);
        }
        serverOnly.subList(next, serverOnly.size()).forEach(result::add);
        return result;
    }

    private Map<String, Integer> positions(ArrayNode list) {
        Map<String, Integer> positions = new LinkedHashMap<>();
        list.forEach(item -> positions.putIfAbsent(key(item), positions.size()));
        return positions;
    }

    private String key(JsonNode item) {
        if (mergeKey.isEmpty() || !item.isObject()) {
            return item.isValueNode() ? item.asString("") : item.toString();
        }
        JsonNode key = item.get(mergeKey);
        if (key == null) {
            throw ApiException.badRequest(
                    "map: "
                            + Directives.goText(item)
                            + " does not contain declared merge key: "
                            + mergeKey);
        }
        return key.asString("");
    }

    private static boolean isObjects(ArrayNode original, ArrayNode patch) {
        boolean objects = (original.isEmpty() ? patch : original).get(0).isObject();
        for (ArrayNode list : List.of(original, patch)) {
            for (JsonNode item : list) {
                if (item.isObject() != objects) {
                    throw ApiException.badRequest("list element types are not identical");
                }
                if (item.isArray()) {
                    throw ApiException.badRequest("lists of lists are not supported");
                }
            }
        }
        return objects;
    }

    private static ArrayNode array(Iterable<JsonNode> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        items.forEach(array::add);
        return array;
    }
}
