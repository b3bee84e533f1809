package io.hypernetes.api.apply;

import io.hypernetes.api.schema.ListType;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How structured merge sees a value of a schema: as a leaf, or as something to look into. */
final class Forms {

    private static final Schema.Any ANY = new Schema.Any();

    private Forms() {}

    enum Form {
        /** Owned, compared and replaced as a whole. */
        LEAF,
        /** Field by field. */
        MAP,
        /** Item by item. */
        LIST
    }

    /** Of the first value that is there; a value that does not fit its schema is a leaf. */
    static Form of(Schema schema, @Nullable JsonNode value) {
        boolean open = value == null || value.isNull();
        return switch (schema) {
            case Schema.Struct struct ->
                    !struct.atomic() && (open || value instanceof ObjectNode)
                            ? Form.MAP
                            : Form.LEAF;
            case Schema.MapOf map ->
                    !map.atomic() && (open || value instanceof ObjectNode) ? Form.MAP : Form.LEAF;
            case Schema.ListOf list ->
                    list.type() != ListType.ATOMIC && (open || value instanceof ArrayNode)
                            ? Form.LIST
                            : Form.LEAF;
            case Schema.Scalar _ -> Form.LEAF;
            case Schema.Any any ->
                    !any.atomic() && value instanceof ObjectNode ? Form.MAP : Form.LEAF;
        };
    }

    /** The shape of what stands in a field; what is not declared has any. */
    static Schema field(Schema schema, String name) {
        return switch (schema) {
            case Schema.Struct struct -> {
                Property property = struct.properties().get(name);
                yield property == null ? ANY : property.schema();
            }
            case Schema.MapOf map -> map.values().schema();
            case Schema.ListOf _, Schema.Scalar _, Schema.Any _ -> ANY;
        };
    }

    /** Whether the schema itself names the field; keys of maps are not named. */
    static boolean names(Schema schema, String field) {
        return schema instanceof Schema.Struct struct && struct.properties().containsKey(field);
    }

    static Schema items(Schema schema) {
        return schema instanceof Schema.ListOf list ? list.items().schema() : ANY;
    }

    /** The shape of what a step leads to. */
    static Schema below(Schema schema, PathElement element) {
        return element instanceof PathElement.Field(String name)
                ? field(schema, name)
                : items(schema);
    }

    /**
     * What tells an item from the others of its list.
     *
     * @throws IllegalArgumentException when the item has none of the list's keys
     */
    static PathElement item(Schema schema, JsonNode item) {
        if (!(schema instanceof Schema.ListOf list)) {
            throw new IllegalArgumentException("invalid indexing of non-associative list");
        }
        return list.type() == ListType.MAP ? keyed(list, item) : member(item);
    }

    private static PathElement keyed(Schema.ListOf list, JsonNode item) {
        if (item.isNull()) {
            throw new IllegalArgumentException(
                    "associative list with keys may not have a null element");
        }
        if (!(item instanceof ObjectNode object)) {
            throw new IllegalArgumentException(
                    "associative list with keys may not have non-map elements");
        }
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        for (String key : list.mapKeys()) {
            JsonNode value = object.get(key);
            if (value == null) {
                value = defaultOf(list.items().schema(), key);
            }
            // An item that leaves a key out is another item than one with any value in it.
            if (value != null) {
                fields.put(key, value);
            }
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException(
                    "associative list with keys has an element that omits all key fields "
                            + quoted(list.mapKeys())
                            + " (and doesn't have default values for any key fields)");
        }
        return new PathElement.Key(fields);
    }

    private static @Nullable JsonNode defaultOf(Schema items, String key) {
        return items instanceof Schema.Struct struct
                ? struct.property(key).flatMap(Property::defaultValue).orElse(null)
                : null;
    }

    private static PathElement member(JsonNode item) {
        if (item instanceof ObjectNode) {
            throw new IllegalArgumentException(
                    "associative list without keys has an element that's a map type");
        }
        if (item instanceof ArrayNode) {
            throw new IllegalArgumentException(
                    "not supported: associative list with lists as elements");
        }
        if (item.isNull()) {
            throw new IllegalArgumentException(
                    "associative list without keys has an element that's an explicit null");
        }
        return new PathElement.Value(item);
    }

    private static String quoted(List<String> texts) {
        return texts.stream()
                .map(text -> '"' + text + '"')
                .collect(Collectors.joining(" ", "[", "]"));
    }
}
