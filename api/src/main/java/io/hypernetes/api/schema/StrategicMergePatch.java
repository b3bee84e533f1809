package io.hypernetes.api.schema;

import io.hypernetes.api.ApiException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code application/strategic-merge-patch+json}: a merge patch in which lists whose field declares
 * a merge strategy are merged item by item, and directives beginning with {@code $} delete, replace
 * and order. The rules are those of Kubernetes' "Strategic Merge Patch" design: objects merge,
 * scalars and other lists are replaced, null deletes.
 */
public final class StrategicMergePatch {

    private static final Schema.Any UNKNOWN = new Schema.Any();

    private StrategicMergePatch() {}

    /** A value's shape and the strategy of the field it stands in. */
    private record Place(Schema schema, PatchStrategy strategy) {}

    /**
     * Merges a patch into an object.
     *
     * @param original is not changed
     * @param patch is not changed
     * @return a new tree
     * @throws ApiException 400 when the patch is malformed; Kubernetes words it the same but
     *     answers 500 to some
     */
    public static ObjectNode apply(Schema schema, ObjectNode original, ObjectNode patch) {
        return mergeObject(schema, original.deepCopy(), patch.deepCopy());
    }

    /** As upstream's messages show a patch: {@code map[spec:map[replicas:3]]}. */
    public static String shown(JsonNode patch) {
        return Directives.goText(patch);
    }

    /** The first value of a wrong type in what came of a patch, told as upstream tells of it. */
    public static Optional<String> wrongType(Schema schema, ObjectNode patched) {
        return GoDecoding.firstErrorInMaps(schema, patched);
    }

    /**
     * @param original changed in place and returned, unless the patch replaces it
     * @param patch used up
     */
    static ObjectNode mergeObject(Schema schema, ObjectNode original, ObjectNode patch) {
        JsonNode directive = patch.remove(Directives.PATCH);
        if (directive != null) {
            return switch (directive.asString("")) {
                case Directives.REPLACE -> Directives.dropFrom(patch);
                case Directives.DELETE -> JsonNodeFactory.instance.objectNode();
                default ->
                        throw Directives.unknown(directive, patch.set(Directives.PATCH, directive));
            };
        }
        retainKeys(original, patch);
        mergeOrderedLists(schema, original, patch);
        for (Map.Entry<String, JsonNode> entry : List.copyOf(patch.properties())) {
            mergeField(schema, original, entry.getKey(), entry.getValue());
        }
        return original;
    }

    private static void mergeField(
            Schema schema, ObjectNode original, String key, JsonNode patched) {
        boolean deletes = key.startsWith(Directives.DELETE_FROM_LIST);
        String field = deletes ? key.substring(Directives.DELETE_FROM_LIST.length()) : key;
        if (patched.isNull()) {
            original.remove(field);
            return;
        }
        JsonNode present = original.get(field);
        if (deletes) {
            if (!(patched instanceof ArrayNode unwanted)) {
                throw ApiException.badRequest("invalid patch format of primitive list");
            }
            if (present instanceof ArrayNode list) {
                original.set(field, MergedList.without(list, unwanted));
            }
            return;
        }
        Place place = place(schema, field);
        if (present instanceof ObjectNode object && patched instanceof ObjectNode change) {
            original.set(
                    field,
                    place.strategy().replace()
                            ? Directives.dropFrom(change)
                            : mergeObject(place.schema(), object, change));
        } else if (present instanceof ArrayNode list && patched instanceof ArrayNode change) {
            original.set(field, mergeList(place, list, change));
        } else {
            original.set(field, Directives.drop(patched));
        }
    }

    private static ArrayNode mergeList(Place place, ArrayNode original, ArrayNode patch) {
        if (!place.strategy().merge()) {
            return Directives.dropFrom(patch);
        }
        Schema items =
                place.schema() instanceof Schema.ListOf list ? list.items().schema() : UNKNOWN;
        return new MergedList(items, place.strategy().mergeKey()).merge(original, patch);
    }

    /** {@code $setElementOrder/LIST}: merges LIST at once and brings it into the given order. */
    private static void mergeOrderedLists(Schema schema, ObjectNode original, ObjectNode patch) {
        for (String key : new ArrayList<>(patch.propertyNames())) {
            if (!key.startsWith(Directives.SET_ORDER)) {
                continue;
            }
            if (!(patch.remove(key) instanceof ArrayNode order)) {
                throw ApiException.badRequest("invalid patch format of setElementOrder list");
            }
            String field = key.substring(Directives.SET_ORDER.length());
            @Nullable ArrayNode present = list(original, field);
            @Nullable ArrayNode change = list(patch, field);
            if (present == null && change == null) {
                continue;
            }
            Place place = place(schema, field);
            ArrayNode server = present == null ? JsonNodeFactory.instance.arrayNode() : present;
            MergedList items = new MergedList(UNKNOWN, place.strategy().mergeKey());
            ArrayNode merged = server;
            if (change != null) {
                items.checkOrder(change, order);
                merged =
                        present == null
                                ? Directives.dropFrom(change)
                                : mergeList(place, present.deepCopy(), change);
            }
            original.set(field, items.inOrder(merged, order, server));
            patch.remove(field);
        }
    }

    private static @Nullable ArrayNode list(ObjectNode object, String field) {
        return switch (object.get(field)) {
            case null -> null;
            case ArrayNode list -> list;
            case JsonNode other when other.isNull() -> null;
            default ->
                    throw ApiException.badRequest("invalid patch format of setElementOrder list");
        };
    }

    /** {@code $retainKeys}: of a union only the keys that the patch lists survive. */
    private static void retainKeys(ObjectNode original, ObjectNode patch) {
        JsonNode listed = patch.remove(Directives.RETAIN_KEYS);
        if (listed == null) {
            return;
        }
        if (!(listed instanceof ArrayNode)) {
            throw ApiException.badRequest("invalid patch format of retainKeys");
        }
        Set<String> kept = new HashSet<>();
        listed.forEach(key -> kept.add(key.asString("")));
        patch.forEachEntry((key, value) -> {
            if (!value.isNull()
                    && !key.startsWith(Directives.DELETE_FROM_LIST)
                    && !key.startsWith(Directives.SET_ORDER)
                    && !kept.contains(key)) {
                throw ApiException.badRequest("invalid patch format of retainKeys");
            }
        });
        new ArrayList<>(original.propertyNames())
                .stream().filter(key -> !kept.contains(key)).forEach(original::remove);
    }

    private static Place place(Schema schema, String field) {
        Property property =
                switch (schema) {
                    case Schema.Struct struct -> struct.property(field).orElse(null);
                    case Schema.MapOf map -> map.values();
                    case Schema.ListOf _, Schema.Scalar _, Schema.Any _ -> null;
                };
        return property == null
                ? new Place(UNKNOWN, PatchStrategy.NONE)
                : new Place(property.schema(), property.patchStrategy());
    }
}
