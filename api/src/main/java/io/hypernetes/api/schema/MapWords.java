package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;

/**
 * What is wrong with a value in the words of upstream's converter from maps to structs, which reads
 * the result of a strategic merge patch: it is never JSON again.
 */
final class MapWords {

    private MapWords() {}

    static String wrong(JsonNode value, Schema wanted) {
        return switch (wanted) {
            case Schema.MapOf _ -> "cannot restore map from " + kind(value);
            case Schema.ListOf _ -> "cannot restore slice from " + kind(value);
            case Schema.Struct _ -> "cannot restore struct from: " + kind(value);
            case Schema.Any _ -> "unrecognized type: interface";
            case Schema.Scalar scalar -> {
                boolean string = scalar.type() == ScalarType.STRING;
                // Go converts an integer to a text, and a fraction to an integer: refused here.
                boolean converts = value.isNumber() && value.isIntegralNumber() == string;
                yield converts && scalar.type() != ScalarType.BOOLEAN
                        ? "cannot convert " + kind(value) + " to " + type(scalar)
                        : "unrecognized type: " + type(scalar);
            }
        };
    }

    private static String type(Schema.Scalar scalar) {
        return switch (scalar.type()) {
            case BYTES -> "slice";
            case BOOLEAN -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "float64";
            case STRING, TIME, MICRO_TIME, QUANTITY, INT_OR_STRING -> "string";
        };
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "slice";
            case OBJECT, POJO -> "map";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            default -> "string";
        };
    }
}
