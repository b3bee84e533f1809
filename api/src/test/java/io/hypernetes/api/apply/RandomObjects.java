package io.hypernetes.api.apply;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.ListType;
import io.hypernetes.api.schema.PatchStrategy;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.ScalarType;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A random schema and random objects of it: few names and few values, so that objects meet. No
 * list, map or object in them is empty.
 */
final class RandomObjects {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] NAMES = {"a", "b", "c", "d"};

    private final Random random;
    private final Schema.Struct schema;

    RandomObjects(long seed) {
        random = new Random(seed);
        Map<String, Property> fields = new LinkedHashMap<>();
        fields.put("apiVersion", property("apiVersion", text()));
        fields.put("kind", property("kind", text()));
        fields.put(
                "metadata",
                property(
                        "metadata",
                        struct(
                                Map.of(
                                        "name", property("name", text()),
                                        "labels",
                                                property(
                                                        "labels",
                                                        new Schema.MapOf(
                                                                property("", text()), false))),
                                false)));
        fields.put("spec", property("spec", randomStruct(3, false)));
        schema = struct(fields, false);
    }

    FieldManager manager() {
        return FieldManager.of(
                schema, GroupVersionKind.of("example.com/v1", "Thing"), FieldFilter.ALL);
    }

    Schema.Struct schema() {
        return schema;
    }

    Random random() {
        return random;
    }

    /** An object with some of the fields. */
    ObjectNode object() {
        ObjectNode object = base();
        JsonNode spec = value(schema.property("spec").orElseThrow().schema());
        if (!spec.isEmpty()) {
            object.set("spec", spec);
        }
        if (random.nextBoolean()) {
            object.withObject("metadata")
                    .putObject("labels")
                    .put(name(), random.nextBoolean() ? "x" : "y");
        }
        return object;
    }

    static ObjectNode base() {
        ObjectNode object = Json.object();
        object.put("apiVersion", "example.com/v1").put("kind", "Thing");
        object.putObject("metadata").put("name", "it");
        return object;
    }

    /** Two parts of an object that share no field of its spec; the first part first. */
    List<ObjectNode> parts() {
        ObjectNode whole = object();
        ObjectNode left = base();
        ObjectNode right = base();
        for (Map.Entry<String, JsonNode> field : whole.path("spec").properties()) {
            (random.nextBoolean() ? left : right)
                    .withObject("spec")
                    .set(field.getKey(), field.getValue());
        }
        return List.of(left, right);
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private Schema randomSchema(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 3)) {
            case 0 -> text();
            case 1 -> new Schema.Scalar(ScalarType.INT64, List.of());
            case 2 -> new Schema.ListOf(property("", text()), ListType.SET, List.of());
            case 3 -> new Schema.ListOf(property("", text()), ListType.ATOMIC, List.of());
            case 4 -> new Schema.MapOf(property("", randomSchema(0)), random.nextInt(4) == 0);
            case 5, 6 -> keyedList(depth - 1);
            default -> randomStruct(depth - 1, random.nextInt(4) == 0);
        };
    }

    private Schema keyedList(int depth) {
        Map<String, Property> fields = new LinkedHashMap<>();
        boolean two = random.nextBoolean();
        fields.put("key", property("key", text()));
        if (two) {
            fields.put(
                    "port",
                    new Property(
                            "port",
                            false,
                            PatchStrategy.NONE,
                            NODES.numberNode(80),
                            () -> new Schema.Scalar(ScalarType.INT64, List.of())));
        }
        for (String name : names()) {
            fields.put(name, property(name, randomSchema(depth)));
        }
        return new Schema.ListOf(
                property("", struct(fields, false)),
                ListType.MAP,
                two ? List.of("key", "port") : List.of("key"));
    }

    private Schema.Struct randomStruct(int depth, boolean atomic) {
        Map<String, Property> fields = new LinkedHashMap<>();
        for (String name : names()) {
            fields.put(name, property(name, randomSchema(depth)));
        }
        return struct(fields, atomic);
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        while (names.isEmpty() || random.nextInt(3) > 0) {
            names.add(name());
        }
        return names;
    }

    private static Schema text() {
        return new Schema.Scalar(ScalarType.STRING, List.of());
    }

    private static Property property(String name, Schema schema) {
        return new Property(name, false, PatchStrategy.NONE, null, () -> schema);
    }

    private static Schema.Struct struct(Map<String, Property> fields, boolean atomic) {
        return new Schema.Struct("", fields, false, true, atomic);
    }

    private JsonNode value(Schema of) {
        return switch (of) {
            case Schema.Struct struct -> {
                ObjectNode object = NODES.objectNode();
                struct.properties()
                        .forEach((name, property) -> {
                            if (name.equals("key")) {
                                object.put("key", name());
                            } else if (random.nextInt(3) > 0) {
                                JsonNode value = value(property.schema());
                                if (!value.isContainer() || !value.isEmpty()) {
                                    object.set(name, value);
                                }
                            }
                        });
                yield object;
            }
            case Schema.MapOf map -> {
                ObjectNode object = NODES.objectNode();
                for (String name : names()) {
                    object.set(name, value(map.values().schema()));
                }
                yield object;
            }
            case Schema.ListOf list -> list(list);
            case Schema.Scalar scalar ->
                    scalar.type() == ScalarType.INT64
                            ? NODES.numberNode(80 + random.nextInt(3))
                            : StringNode.valueOf(name());
            case Schema.Any _ -> NODES.objectNode().put(name(), name());
        };
    }

    private ArrayNode list(Schema.ListOf list) {
        ArrayNode array = NODES.arrayNode();
        Set<String> seen = new TreeSet<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            JsonNode item = value(list.items().schema());
            String key = list.type() == ListType.ATOMIC ? "" + i : Forms.item(list, item).encoded();
            if (seen.add(key)) {
                array.add(item);
            }
        }
        return array;
    }

    /** The same, whatever the order of items in its lists. */
    static JsonNode unordered(@Nullable JsonNode value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case ArrayNode array -> {
                List<JsonNode> items = new ArrayList<>();
                array.forEach(item -> items.add(unordered(item)));
                items.sort(Values::compare);
                yield NODES.arrayNode().addAll(items);
            }
            case ObjectNode object -> {
                ObjectNode copy = NODES.objectNode();
                object.forEachEntry((name, field) -> copy.set(name, unordered(field)));
                yield copy;
            }
            default -> value;
        };
    }
}
