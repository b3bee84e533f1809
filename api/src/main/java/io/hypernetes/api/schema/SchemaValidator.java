package io.hypernetes.api.schema;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Checks the JSON types of a tree against its schema. */
public final class SchemaValidator {

    private SchemaValidator() {}

    /**
     * The first value of a wrong JSON type in a built-in kind, worded as Kubernetes' decoder does.
     * Types that are checked ({@link Schema.Struct#checked}) are left to {@link #validate}.
     *
     * @return the message of a 400; empty when the object can be decoded
     */
    public static Optional<String> decodeError(
            Schema schema, GroupVersionKind kind, ObjectNode object) {
        return GoDecoding.firstError(schema, object)
                .map(error ->
                        kind.kind()
                                + " in version \""
                                + kind.version()
                                + "\" cannot be handled as a "
                                + kind.kind()
                                + ": "
                                + error);
    }

    /** The same of options, of which no kind is told. */
    public static Optional<String> optionsError(Schema schema, ObjectNode options) {
        return GoDecoding.firstError(schema, options);
    }

    /**
     * What the schema itself finds wrong with an object of a checked type (ours, later custom
     * resources): wrong types, required fields that are missing, values outside an enumeration.
     * Empty for built-in kinds, whose required fields are the business of their rules.
     */
    public static List<FieldError> validate(Schema schema, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        check(schema, object, "", errors);
        return List.copyOf(errors);
    }

    private static void check(Schema schema, JsonNode value, String path, List<FieldError> errors) {
        switch (schema) {
            case Schema.Struct struct -> {
                if (!struct.checked()) {
                    return;
                }
                if (value instanceof ObjectNode object) {
                    checkStruct(struct, object, path, errors);
                } else {
                    errors.add(wrongType(path, "object", value));
                }
            }
            case Schema.MapOf map -> {
                if (value instanceof ObjectNode object) {
                    for (Map.Entry<String, JsonNode> entry : object.properties()) {
                        check(
                                map.values().schema(),
                                entry.getValue(),
                                FieldWalk.join(path, entry.getKey()),
                                errors);
                    }
                } else {
                    errors.add(wrongType(path, "object", value));
                }
            }
            case Schema.ListOf list -> {
                if (value instanceof ArrayNode array) {
                    checkList(list, array, path, errors);
                } else {
                    errors.add(wrongType(path, "array", value));
                }
            }
            case Schema.Scalar scalar -> checkScalar(scalar, value, path, errors);
            case Schema.Any _ -> {}
        }
    }

    private static void checkStruct(
            Schema.Struct struct, ObjectNode object, String path, List<FieldError> errors) {
        for (Property property : struct.properties().values()) {
            String field = FieldWalk.join(path, property.name());
            JsonNode value = object.get(property.name());
            if (value != null) {
                check(property.schema(), value, field, errors);
            } else if (property.required()) {
                errors.add(FieldError.required(field, ""));
            }
        }
    }

    private static void checkList(
            Schema.ListOf list, ArrayNode array, String path, List<FieldError> errors) {
        List<List<String>> seen = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String at = path + "[" + i + "]";
            JsonNode item = array.get(i);
            check(list.items().schema(), item, at, errors);
            if (list.type() != ListType.ATOMIC) {
                List<String> key =
                        list.type() == ListType.SET
                                ? List.of(item.toString())
                                : list.mapKeys().stream()
                                        .map(k -> item.path(k).toString())
                                        .toList();
                if (seen.contains(key)) {
                    errors.add(
                            new FieldError(
                                    at,
                                    FieldError.Type.DUPLICATE,
                                    "Duplicate value: " + shown(list, item)));
                }
                seen.add(key);
            }
        }
    }

    private static String shown(Schema.ListOf list, JsonNode item) {
        return list.type() == ListType.SET
                ? item.toString()
                : "{"
                        + String.join(
                                ", ",
                                list.mapKeys().stream()
                                        .map(key -> "\"" + key + "\":" + item.path(key))
                                        .toList())
                        + "}";
    }

    private static void checkScalar(
            Schema.Scalar scalar, JsonNode value, String path, List<FieldError> errors) {
        boolean fits =
                switch (scalar.type()) {
                    case STRING, BYTES, TIME, MICRO_TIME -> value.isString();
                    case BOOLEAN -> value.isBoolean();
                    case INT32, INT64 -> value.isIntegralNumber();
                    case DOUBLE -> value.isNumber();
                    case QUANTITY, INT_OR_STRING -> value.isString() || value.isNumber();
                };
        if (!fits) {
            errors.add(wrongType(path, scalar.type().openApiType(), value));
        } else if (!scalar.oneOf().isEmpty() && !scalar.oneOf().contains(value.asString(""))) {
            String supported =
                    String.join(", ", scalar.oneOf().stream().map(s -> '"' + s + '"').toList());
            errors.add(
                    new FieldError(
                            path,
                            FieldError.Type.NOT_SUPPORTED,
                            "Unsupported value: " + value + ": supported values: " + supported));
        }
    }

    /** Wording of custom resources' validation. */
    private static FieldError wrongType(String path, String wanted, JsonNode value) {
        String type = jsonType(value);
        return new FieldError(
                path,
                FieldError.Type.TYPE_INVALID,
                "Invalid value: \""
                        + type
                        + "\": "
                        + path
                        + " in body must be of type "
                        + wanted
                        + ": \""
                        + type
                        + "\"");
    }

    private static String jsonType(JsonNode value) {
        if (value.isNumber()) {
            return value.isIntegralNumber() ? "integer" : "number";
        }
        return value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
