package io.hypernetes.api.schema;

import io.hypernetes.api.json.GoValue;
import io.hypernetes.api.quantity.Quantity;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what Go's JSON decoding into the typed struct would stumble over first, in Go's words:
 * clients and people know these messages.
 */
final class GoDecoding {

    private static final String QUANTITY = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";

    /**
     * A field, by the struct that holds it and where that is; null for the object itself. Its text
     * is made only for what is wrong.
     */
    private record Position(@Nullable Position above, Schema.@Nullable Struct in, String name) {
        static final Position TOP = new Position(null, null, "");

        Position field(Schema.Struct in, String name) {
            return new Position(this, in, name);
        }

        String path() {
            return above == null ? name : FieldWalk.join(above.path(), name);
        }

        String text() {
            return in == null ? "Go value" : "Go struct field " + typeName(in) + "." + path();
        }
    }

    /** What to say of a value of a wrong type. */
    private interface Words {
        String wrong(JsonNode value, Schema wanted, Position at);

        /** Of what must be a text to be read as something else. */
        default String notText(JsonNode value, Position at) {
            return "json: cannot unmarshal "
                    + GoValue.jsonType(value)
                    + " into "
                    + at.text()
                    + " of type string";
        }
    }

    /** Read once something is wrong. */
    private static final class Named {
        static final Map<String, Map<String, String>> TYPES = FieldTable.read("named-types.txt");
    }

    private static final GoDecoding JSON = new GoDecoding(GoDecoding::jsonWords);
    private static final GoDecoding MAPS =
            new GoDecoding(
                    new Words() {
                        @Override
                        public String wrong(JsonNode value, Schema wanted, Position at) {
                            return MapWords.wrong(value, wanted);
                        }

                        @Override
                        public String notText(JsonNode value, Position at) {
                            return Words.super.notText(value, Position.TOP);
                        }
                    });

    private final Words words;

    private GoDecoding(Words words) {
        this.words = words;
    }

    static Optional<String> firstError(Schema schema, JsonNode object) {
        return JSON.error(schema, object, Position.TOP);
    }

    /** The same where Go reads no JSON but maps, the result of a strategic merge patch. */
    static Optional<String> firstErrorInMaps(Schema schema, ObjectNode object) {
        return MAPS.error(schema, object, Position.TOP);
    }

    private Optional<String> error(Schema schema, JsonNode value, Position at) {
        return switch (schema) {
            case Schema.Struct struct ->
                    value instanceof ObjectNode object
                            ? inStruct(struct, object, at)
                            : struct.checked() ? Optional.empty() : wrong(value, schema, at);
            case Schema.MapOf map -> {
                if (!(value instanceof ObjectNode object)) {
                    yield wrong(value, schema, at);
                }
                yield first(map.values().schema(), object, at);
            }
            case Schema.ListOf list ->
                    value instanceof ArrayNode array
                            ? first(list.items().schema(), array, at)
                            : wrong(value, schema, at);
            case Schema.Scalar scalar -> scalarError(scalar, value, at);
            case Schema.Any _ -> Optional.empty();
        };
    }

    private Optional<String> inStruct(Schema.Struct struct, ObjectNode object, Position at) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Property property = struct.properties().get(entry.getKey());
            if (property == null || (struct.checked() && !isUnchecked(property))) {
                continue;
            }
            Optional<String> error =
                    error(property.schema(), entry.getValue(), at.field(struct, entry.getKey()));
            if (error.isPresent()) {
                return error;
            }
        }
        return Optional.empty();
    }

    /** In a checked type only what is Kubernetes' own, its metadata, is decoded by Go's rules. */
    private static boolean isUnchecked(Property property) {
        return property.schema() instanceof Schema.Struct inner && !inner.checked();
    }

    private Optional<String> first(Schema items, JsonNode container, Position at) {
        for (JsonNode item : container) {
            Optional<String> error = error(items, item, at);
            if (error.isPresent()) {
                return error;
            }
        }
        return Optional.empty();
    }

    private Optional<String> scalarError(Schema.Scalar scalar, JsonNode value, Position at) {
        return switch (scalar.type()) {
            case STRING -> value.isString() ? Optional.empty() : wrong(value, scalar, at);
            case BOOLEAN -> value.isBoolean() ? Optional.empty() : wrong(value, scalar, at);
            case DOUBLE -> value.isNumber() ? Optional.empty() : wrong(value, scalar, at);
            case INT32 ->
                    value.isIntegralNumber() && value.canConvertToInt()
                            ? Optional.empty()
                            : wrong(value, scalar, at);
            case INT64 ->
                    value.isIntegralNumber() && value.canConvertToLong()
                            ? Optional.empty()
                            : wrong(value, scalar, at);
            case BYTES ->
                    value.isString() ? base64Error(value.asString()) : wrong(value, scalar, at);
            case TIME, MICRO_TIME ->
                    value.isString()
                            ? timeError(scalar.type(), value.asString())
                            : Optional.of(words.notText(value, at));
            case QUANTITY -> quantityError(value);
            case INT_OR_STRING ->
                    value.isString() || (value.isIntegralNumber() && value.canConvertToInt())
                            ? Optional.empty()
                            : Optional.of(
                                    "json: cannot unmarshal "
                                            + GoValue.jsonType(value)
                                            + " into Go value of type int32");
        };
    }

    private static Optional<String> base64Error(String text) {
        try {
            Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
            return Optional.empty();
        } catch (IllegalArgumentException _) {
            int at = 0;
            while (at < text.length() && isBase64(text.charAt(at))) {
                at++;
            }
            return Optional.of("illegal base64 data at input byte " + at);
        }
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/';
    }

    private static Optional<String> timeError(ScalarType type, String text) {
        try {
            OffsetDateTime.parse(text);
            return Optional.empty();
        } catch (DateTimeException _) {
            String layout =
                    type == ScalarType.TIME
                            ? "2006-01-02T15:04:05Z07:00"
                            : "2006-01-02T15:04:05.000000Z07:00";
            return Optional.of(
                    "parsing time \""
                            + text
                            + "\" as \""
                            + layout
                            + "\": cannot parse \""
                            + text
                            + "\" as \"2006\"");
        }
    }

    private static Optional<String> quantityError(JsonNode value) {
        if (!value.isString() && !value.isNumber()) {
            return Optional.of("quantities must match the regular expression '" + QUANTITY + "'");
        }
        try {
            Quantity.parse(value.asString());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> wrong(JsonNode value, Schema wanted, Position at) {
        return Optional.of(words.wrong(value, wanted, at));
    }

    private static String jsonWords(JsonNode value, Schema wanted, Position at) {
        boolean number = value.isNumber() && wanted instanceof Schema.Scalar s && isInteger(s);
        return "json: cannot unmarshal "
                + GoValue.jsonType(value)
                + (number ? " " + value.asString() : "")
                + " into "
                + at.text()
                + " of type "
                + named(wanted, at);
    }

    /** A type with a name of its own is told by it; the items of a list by theirs. */
    private static String named(Schema wanted, Position at) {
        String definition = at.in() == null ? "" : at.in().definition();
        String name = Named.TYPES.getOrDefault(definition, Map.of()).get(at.name());
        if (name == null) {
            return goType(wanted);
        }
        boolean item = name.startsWith("[]") && !(wanted instanceof Schema.ListOf);
        return item ? name.substring(2) : name;
    }

    private static boolean isInteger(Schema.Scalar scalar) {
        return scalar.type() == ScalarType.INT32 || scalar.type() == ScalarType.INT64;
    }

    private static String goType(Schema schema) {
        return switch (schema) {
            case Schema.Struct struct -> packageName(struct) + "." + typeName(struct);
            case Schema.MapOf map -> "map[string]" + goType(map.values().schema());
            case Schema.ListOf list -> "[]" + goType(list.items().schema());
            case Schema.Any _ -> "interface {}";
            case Schema.Scalar scalar ->
                    switch (scalar.type()) {
                        case STRING -> "string";
                        case BYTES -> "[]uint8";
                        case BOOLEAN -> "bool";
                        case INT32 -> "int32";
                        case INT64 -> "int64";
                        case DOUBLE -> "float64";
                        case TIME -> "v1.Time";
                        case MICRO_TIME -> "v1.MicroTime";
                        case QUANTITY -> "resource.Quantity";
                        case INT_OR_STRING -> "intstr.IntOrString";
                    };
        };
    }

    private static String typeName(Schema.Struct struct) {
        return struct.definition().substring(struct.definition().lastIndexOf('.') + 1);
    }

    private static String packageName(Schema.Struct struct) {
        String name = struct.definition();
        int end = Math.max(0, name.lastIndexOf('.'));
        return name.substring(name.lastIndexOf('.', end - 1) + 1, end);
    }
}
