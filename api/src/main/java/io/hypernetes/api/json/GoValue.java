package io.hypernetes.api.json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A JSON value as Go's {@code fmt} shows it, of which some of upstream's sentences are made. */
public final class GoValue {
    private GoValue() {}

    /** As {@code %v} prints it. */
    public static String printed(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                Map<String, JsonNode> sorted = new TreeMap<>();
                object.forEachEntry(sorted::put);
                yield sorted.entrySet().stream()
                        .map(e -> e.getKey() + ":" + printed(e.getValue()))
                        .collect(Collectors.joining(" ", "map[", "]"));
            }
            case ArrayNode array ->
                    array.valueStream()
                            .map(GoValue::printed)
                            .collect(Collectors.joining(" ", "[", "]"));
            default ->
                    value.isFloatingPointNumber()
                            ? value.decimalValue().stripTrailingZeros().toPlainString()
                            : value.isNull() ? "<nil>" : value.asString();
        };
    }

    /** As {@code encoding/json} names what it found where it wanted something else. */
    public static String jsonType(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case STRING, BINARY -> "string";
            case NULL, MISSING -> "null";
        };
    }

    /** As {@code %T} names its type. */
    public static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case ARRAY -> "[]interface {}";
            case OBJECT -> "map[string]interface {}";
            default -> "<nil>";
        };
    }
}
