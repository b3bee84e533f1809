package io.hypernetes.api;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with one field, worded as Kubernetes words it (apimachinery, validation/field).
 *
 * @param field the path, for instance {@code spec.containers[0].name}
 * @param type the cause's reason: {@code FieldValueRequired}, {@code FieldValueInvalid}, …
 * @param message the whole sentence without the field, for instance {@code Required value}
 */
public record FieldError(String field, Type type, String message) {

    /** The closed set of causes that Kubernetes gives. */
    public enum Type {
        REQUIRED("FieldValueRequired"),
        INVALID("FieldValueInvalid"),
        NOT_FOUND("FieldValueNotFound"),
        DUPLICATE("FieldValueDuplicate"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        FORBIDDEN("FieldValueForbidden"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany"),
        TOO_FEW("FieldValueTooFew"),
        TOO_SHORT("FieldValueTooShort"),
        TYPE_INVALID("FieldValueTypeInvalid"),
        INTERNAL("InternalError");

        private final String reason;

        Type(String reason) {
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(
                field,
                Type.REQUIRED,
                detail.isEmpty() ? "Required value" : "Required value: " + detail);
    }

    public static FieldError invalid(String field, String shownValue, String detail) {
        String told = "Invalid value: " + shownValue + (detail.isEmpty() ? "" : ": " + detail);
        return new FieldError(field, Type.INVALID, told);
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(field, Type.FORBIDDEN, "Forbidden: " + detail);
    }

    /** A text that does not have the form it must have. */
    public static FieldError invalidText(String field, String value, String detail) {
        return invalid(field, quoted(value), detail);
    }

    /** A text that is none of a closed set. */
    public static FieldError notSupported(String field, String value, List<String> supported) {
        return new FieldError(
                field,
                Type.NOT_SUPPORTED,
                "Unsupported value: "
                        + quoted(value)
                        + supported.stream()
                                .map(FieldError::quoted)
                                .collect(Collectors.joining(", ", ": supported values: ", "")));
    }

    public static FieldError duplicate(String field, String value) {
        return new FieldError(field, Type.DUPLICATE, "Duplicate value: " + quoted(value));
    }

    /** A reference to something that is not there, for instance a volume mount's volume. */
    public static FieldError notFound(String field, String value) {
        return new FieldError(field, Type.NOT_FOUND, "Not found: " + quoted(value));
    }

    public static FieldError tooLong(String field, long bytes) {
        String unit = bytes == 1 ? " byte" : " bytes";
        return new FieldError(
                field, Type.TOO_LONG, "Too long: may not be more than " + bytes + unit);
    }

    /** As Go's {@code %q} prints a text. */
    public static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + '"';
    }

    /** As Go writes JSON: characters that mean something in HTML are escaped. */
    public static String shown(JsonNode value) {
        return Json.text(value)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
