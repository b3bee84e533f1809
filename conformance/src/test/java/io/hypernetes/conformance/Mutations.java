package io.hypernetes.conformance;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.ScalarType;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Objects made of a kind's schema, each with one field that a good one has not: every field at
 * every depth, with good values and with wrong ones.
 */
final class Mutations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_DEPTH = 9;

    private final JsonNode good;
    private final Consumer<ObjectNode> to;

    /**
     * @param good the object that each is a changed copy of
     */
    Mutations(ObjectNode good, Consumer<ObjectNode> to) {
        this.good = good;
        this.to = to;
    }

    void of(Schema.Struct struct, String field) {
        struct.property(field).ifPresent(p -> property("/" + field, p, 1));
    }

    /** The same object without one of its fields, for each field at every depth. */
    static void without(ObjectNode good, Consumer<ObjectNode> to) {
        for (String field : good.propertyNames()) {
            if (!List.of("apiVersion", "kind", "metadata").contains(field)) {
                without(good, "/" + field, to);
            }
        }
    }

    private static void without(ObjectNode good, String path, Consumer<ObjectNode> to) {
        ObjectNode object = good.deepCopy();
        int last = path.lastIndexOf('/');
        if (object.at(path.substring(0, last)) instanceof ObjectNode parent) {
            parent.remove(path.substring(last + 1));
            to.accept(object);
        }
        JsonNode value = good.at(path);
        value.propertyNames().forEach(name -> without(good, path + "/" + name, to));
        for (int i = 0; i < value.size() && value.isArray(); i++) {
            without(good, path + "/" + i, to);
        }
    }

    private void property(String path, Property property, int depth) {
        switch (property.schema()) {
            case Schema.Scalar(ScalarType type, List<String> _) ->
                    values(type).forEach(value -> tell(path, value));
            case Schema.Struct struct -> {
                tell(path, NODES.objectNode());
                if (depth < MOST_DEPTH) {
                    struct.properties()
                            .forEach((name, p) -> property(path + "/" + name, p, depth + 1));
                }
            }
            case Schema.ListOf list -> {
                tell(path, NODES.arrayNode());
                property(path + "/0", list.items(), depth + 1);
            }
            case Schema.MapOf map -> {
                tell(path, NODES.objectNode());
                property(path + "/key", map.values(), depth + 1);
                property(path + "/Bad key!", map.values(), depth + 1);
            }
            case Schema.Any _ -> tell(path, NODES.objectNode());
        }
    }

    private static Stream<JsonNode> values(ScalarType type) {
        return switch (type) {
            case STRING -> texts("", "ok", "Not Valid!", "../x");
            case BYTES -> texts("", "b2s=");
            case BOOLEAN -> Stream.of(NODES.booleanNode(true), NODES.booleanNode(false));
            case INT32, INT64 -> IntStream.of(0, -1, 1, 70_000).mapToObj(NODES::numberNode);
            case DOUBLE -> DoubleStream.of(0.5, -1.0).mapToObj(NODES::numberNode);
            case TIME -> texts("2026-01-01T00:00:00Z");
            case MICRO_TIME -> texts("2026-01-01T00:00:00.000001Z");
            case QUANTITY -> texts("0", "1", "-1", "1500m");
            case INT_OR_STRING ->
                    Stream.of(
                            NODES.numberNode(0),
                            NODES.numberNode(-1),
                            NODES.stringNode("50%"),
                            NODES.stringNode("Not Valid!"));
        };
    }

    private static Stream<JsonNode> texts(String... texts) {
        return Stream.of(texts).map(NODES::stringNode);
    }

    private void tell(String path, JsonNode value) {
        ObjectNode object = Json.parseObject(Json.write(good));
        JsonNode at = object;
        String[] names = path.substring(1).split("/", -1);
        for (int i = 0; i < names.length - 1; i++) {
            at = inner(at, names[i], names[i + 1].equals("0"));
        }
        String last = names[names.length - 1];
        if (at instanceof ObjectNode parent) {
            parent.set(last, value);
        } else if (at instanceof ArrayNode items) {
            items.removeAll().add(value);
        }
        to.accept(object);
    }

    /** What is there, or what is put there. */
    private static JsonNode inner(JsonNode at, String name, boolean list) {
        if (at instanceof ArrayNode items) {
            if (items.isEmpty()) {
                items.add(list ? NODES.arrayNode() : NODES.objectNode());
            }
            return items.get(0);
        }
        ObjectNode parent = (ObjectNode) at;
        if (!parent.path(name).isContainer()) {
            parent.set(name, list ? NODES.arrayNode() : NODES.objectNode());
        }
        return parent.get(name);
    }
}
