package io.hypernetes.cel.value;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** CEL values as JSON: what an expression gives back to the API. */
public final class JsonConversion {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JsonConversion() {}

    /** Throws EvaluationException for what JSON cannot hold. */
    public static JsonNode of(Object value) {
        return switch (value) {
            case Null _ -> JSON.nullNode();
            case Boolean b -> JSON.booleanNode(b);
            case Long l -> JSON.numberNode(l);
            case Unsigned u -> JSON.numberNode(u.toBigInteger());
            case Double d -> JSON.numberNode(d);
            case String s -> JSON.stringNode(s);
            case Bytes b -> JSON.stringNode(Base64.getEncoder().encodeToString(b.content()));
            case Instant i -> JSON.stringNode(i.toString());
            case Duration d -> JSON.stringNode(Durations.print(d));
            case ListValue list -> {
                ArrayNode array = JSON.arrayNode();
                for (int i = 0; i < list.size(); i++) {
                    array.add(of(list.get(i)));
                }
                yield array;
            }
            case MapValue map -> {
                ObjectNode object = JSON.objectNode();
                for (Object key : map.keys()) {
                    Object item = map.find(key);
                    if (!(key instanceof String name) || item == null) {
                        throw new EvaluationException("a key of a JSON object must be a string");
                    }
                    object.set(name, of(item));
                }
                yield object;
            }
            default -> throw new EvaluationException("not a value of JSON: " + value);
        };
    }
}
