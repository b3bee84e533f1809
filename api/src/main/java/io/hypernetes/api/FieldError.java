package io.hypernetes.api;

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
        DUPLICATE("FieldValueDuplicate"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        FORBIDDEN("FieldValueForbidden"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany"),
        TYPE_INVALID("FieldValueTypeInvalid");

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
        return new FieldError(field, Type.INVALID, "Invalid value: " + shownValue + ": " + detail);
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(field, Type.FORBIDDEN, "Forbidden: " + detail);
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
