package io.hypernetes.api.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.List;

/**
 * Bytes to a tree. Jackson's own tree reader would do, but for two things: it cannot say which
 * fields occur twice, and its messages are not those that users of Kubernetes know.
 */
final class JsonReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Json.MAX_DEPTH + 1)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNumberLength(400)
                                    .build())
                    .build();

    /** Keeps no buffers for the next, and so nothing of what was in them. */
    static final JsonFactory FORGETFUL =
            FACTORY.rebuild().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

    private final JsonParser parser;
    private final DuplicateFields duplicates;

    private JsonReader(JsonParser parser, DuplicateFields duplicates) {
        this.parser = parser;
        this.duplicates = duplicates;
    }

    /**
     * @param duplicates gets a message for every field that occurs twice
     */
    static JsonNode read(byte[] json, List<String> duplicates) throws JsonSyntaxException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonSyntaxException("unexpected end of JSON input");
            }
            JsonNode tree = new JsonReader(parser, new DuplicateFields(duplicates)).value(first, 0);
            if (parser.nextToken() != null) {
                throw new JsonSyntaxException(SyntaxErrors.describe(json));
            }
            return tree;
        } catch (JacksonException e) {
            throw new JsonSyntaxException(SyntaxErrors.describe(json), e);
        }
    }

    private JsonNode value(JsonToken token, int depth) throws JsonSyntaxException {
        if (depth > Json.MAX_DEPTH) {
            throw new JsonSyntaxException("exceeded max depth");
        }
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> decimal();
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new JsonSyntaxException("unexpected end of JSON input");
        };
    }

    private ObjectNode object(int depth) throws JsonSyntaxException {
        ObjectNode object = NODES.objectNode();
        String name;
        while ((name = parser.nextName()) != null) {
            duplicates.enter(name);
            JsonNode replaced = object.replace(name, value(parser.nextToken(), depth + 1));
            if (replaced != null) {
                duplicates.report();
            }
            duplicates.leave();
        }
        return object;
    }

    private ArrayNode array(int depth) throws JsonSyntaxException {
        ArrayNode array = NODES.arrayNode();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            duplicates.enter(array.size());
            array.add(value(token, depth + 1));
            duplicates.leave();
        }
        return array;
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /** What a double cannot hold is refused: clients in Go could not read the object back. */
    private JsonNode decimal() throws JsonSyntaxException {
        BigDecimal number = exact();
        if (Double.isInfinite(number.doubleValue())) {
            throw tooLarge();
        }
        return NODES.numberNode(number);
    }

    private BigDecimal exact() throws JsonSyntaxException {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException e) {
            // The exponent is beyond what a BigDecimal has: as a double it is infinite, or nothing.
            if (Double.isInfinite(Double.parseDouble(parser.getString()))) {
                throw tooLarge();
            }
            return BigDecimal.ZERO;
        }
    }

    private JsonSyntaxException tooLarge() {
        return new JsonSyntaxException(
                "json: cannot unmarshal number "
                        + parser.getString()
                        + " into Go value of type float64");
    }
}
