package io.hypernetes.api.protobuf;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Base64;
import java.util.Random;

/**
 * Objects of a schema's shape. What protobuf cannot tell from nothing at all is not in them: empty
 * lists and maps, zeroes.
 */
final class RandomObjects {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEPTH = 7;

    private final Random random;

    RandomObjects(long seed) {
        random = new Random(seed);
    }

    ObjectNode of(Schema.Struct struct, int depth) {
        ObjectNode object = Json.object();
        boolean schema = struct.definition().endsWith(".JSONSchemaProps");
        struct.properties()
                .forEach((name, property) -> {
                    boolean leaf = depth >= DEPTH && !(property.schema() instanceof Schema.Scalar);
                    // Our own addition to Kubernetes' namespaces has no number in its message.
                    boolean ours =
                            struct.definition().endsWith(".NamespaceSpec")
                                    && name.equals("network");
                    boolean header =
                            depth == 0 && (name.equals("kind") || name.equals("apiVersion"));
                    if (!leaf && !header && !ours && random.nextInt(3) > 0) {
                        object.set(
                                name, schema ? ofSchema(property, depth) : value(property, depth));
                    }
                });
        return object;
    }

    /** A schema within a schema may be a flag, a list, a list of names. */
    private JsonNode ofSchema(Property property, int depth) {
        ObjectNode inner = Json.object().put("type", "integer").put("minimum", 1.5);
        return switch (property.name()) {
            case "additionalProperties", "additionalItems" ->
                    random.nextBoolean() ? NODES.booleanNode(random.nextBoolean()) : inner;
            case "items" -> random.nextBoolean() ? inner : NODES.arrayNode().add(inner).add(inner);
            case "dependencies" -> {
                ObjectNode dependencies = Json.object();
                dependencies.putArray("names").add("a").add("b");
                dependencies.set("schema", inner);
                yield dependencies;
            }
            default -> value(property, depth);
        };
    }

    private JsonNode value(Property property, int depth) {
        return switch (property.schema()) {
            case Schema.Struct struct -> of(struct, depth + 1);
            case Schema.ListOf list -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    array.add(value(list.items(), depth + 1));
                }
                yield array;
            }
            case Schema.MapOf map -> {
                ObjectNode entries = Json.object();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    entries.set(text(), value(map.values(), depth + 1));
                }
                yield entries;
            }
            case Schema.Any _ -> {
                ObjectNode any = Json.object().put("f:" + text(), random.nextDouble());
                any.putObject("nested").putNull("nothing").put("e", "");
                yield any;
            }
            case Schema.Scalar scalar -> scalar(scalar);
        };
    }

    private JsonNode scalar(Schema.Scalar scalar) {
        long seconds = random.nextLong(0, 4_000_000_000L);
        return switch (scalar.type()) {
            case STRING -> NODES.stringNode(text());
            case BYTES -> {
                byte[] bytes = new byte[1 + random.nextInt(200)];
                random.nextBytes(bytes);
                yield NODES.stringNode(Base64.getEncoder().encodeToString(bytes));
            }
            case BOOLEAN -> NODES.booleanNode(true);
            case INT32 -> NODES.numberNode(random.nextBoolean() ? 7 : -random.nextInt(1, 99999));
            case INT64 -> NODES.numberNode(random.nextLong() | 1);
            case DOUBLE -> NODES.numberNode(random.nextDouble() + 1);
            case TIME -> NODES.stringNode(Instant.ofEpochSecond(seconds).toString());
            case MICRO_TIME -> NODES.stringNode(ScalarMessages.micros(seconds, 123_456_000));
            case QUANTITY -> NODES.stringNode(random.nextInt(1000) + "Mi");
            case INT_OR_STRING ->
                    random.nextBoolean()
                            ? NODES.numberNode(random.nextInt())
                            : NODES.stringNode("25%");
        };
    }

    private String text() {
        String letters = "abcdefghijklmnopqrstuvwxyzäß漢😀\"\\\n";
        StringBuilder text = new StringBuilder("t");
        letters.codePoints().filter(_ -> random.nextInt(6) == 0).forEach(text::appendCodePoint);
        return text.append(random.nextInt(100)).toString();
    }
}
