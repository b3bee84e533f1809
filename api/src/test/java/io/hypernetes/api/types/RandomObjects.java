package io.hypernetes.api.types;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Random;

/** Objects of a kind that its schema allows, whatever its rules think of them. */
final class RandomObjects {

    private static final int DEEPEST = 14;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Texts that mean something somewhere, so that the rules have work to do. */
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "b-c",
                    "Not A Name",
                    "10.0.0.1",
                    "fd00::1",
                    "example.com/x",
                    "RollingUpdate",
                    "Recreate",
                    "OnDelete",
                    "Always",
                    "Never",
                    "Container",
                    "Pod",
                    "Resource",
                    "ExternalName",
                    "LoadBalancer",
                    "ClientIP",
                    "In",
                    "Exists",
                    "Localhost",
                    "Indexed",
                    "25%",
                    "*/5 * * * *",
                    "../x",
                    "1Gi",
                    "hello:latest",
                    "\u00e4\ud83d\ude00");

    private final Random random;

    RandomObjects(long seed) {
        random = new Random(seed);
    }

    ObjectNode of(ResourceType type) {
        ObjectNode object = (ObjectNode) value(type.schema().struct(), 0);
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        return object;
    }

    private JsonNode value(Schema schema, int depth) {
        return switch (schema) {
            case Schema.Struct struct -> struct(struct, depth);
            case Schema.MapOf map -> {
                ObjectNode object = Json.object();
                for (int i = random.nextInt(3); i > 0; i--) {
                    object.set(text(), value(map.values().schema(), depth + 1));
                }
                yield object;
            }
            case Schema.ListOf list -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = depth > DEEPEST ? 0 : random.nextInt(3); i > 0; i--) {
                    array.add(value(list.items().schema(), depth + 1));
                }
                yield array;
            }
            case Schema.Scalar scalar -> scalar(scalar);
            case Schema.Any _ -> Json.object().put("any", text());
        };
    }

    private ObjectNode struct(Schema.Struct struct, int depth) {
        ObjectNode object = Json.object();
        // Few of many fields, so that objects stay small, but never none of the spec.
        int share = depth < 2 ? 1 : Math.max(2, struct.properties().size() / 4);
        for (Property property : struct.properties().values()) {
            if (depth <= DEEPEST && random.nextInt(share) == 0) {
                object.set(property.name(), value(property.schema(), depth + 1));
            }
        }
        return object;
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private JsonNode scalar(Schema.Scalar scalar) {
        return switch (scalar.type()) {
            case BOOLEAN -> NODES.booleanNode(random.nextBoolean());
            case INT32 -> NODES.numberNode(random.nextInt(-2, 90_000));
            case INT64 -> NODES.numberNode(random.nextLong(-2, 90_000));
            case DOUBLE -> NODES.numberNode(random.nextDouble());
            case QUANTITY ->
                    NODES.stringNode(
                            List.of("1000m", "0.5", "1024Mi", "-1", "0").get(random.nextInt(5)));
            case INT_OR_STRING ->
                    random.nextBoolean()
                            ? NODES.numberNode(random.nextInt(0, 200))
                            : NODES.stringNode(text());
            case BYTES -> NODES.stringNode("AA==");
            case TIME -> NODES.stringNode("2026-01-01T00:00:00Z");
            case MICRO_TIME -> NODES.stringNode("2026-01-01T00:00:00.000000Z");
            default -> NODES.stringNode(text());
        };
    }
}
