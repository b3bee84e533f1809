package io.hypernetes.api;

import java.util.List;
import java.util.Optional;

/**
 * The {@code Status} object of {@code meta/v1}: what the API answers when it cannot do what was
 * asked. See "API Conventions, Response Status Kind" of Kubernetes.
 *
 * @param code the HTTP status
 * @param continueToken with which a list whose state is gone can go on; empty otherwise
 */
public record Status(
        int code, Reason reason, String message, Optional<Details> details, String continueToken) {

    public Status(int code, Reason reason, String message, Optional<Details> details) {
        this(code, reason, message, details, "");
    }

    /** The closed set of machine-readable reasons. */
    public enum Reason {
        UNAUTHORIZED("Unauthorized", 401),
        FORBIDDEN("Forbidden", 403),
        NOT_FOUND("NotFound", 404),
        ALREADY_EXISTS("AlreadyExists", 409),
        CONFLICT("Conflict", 409),
        GONE("Gone", 410),
        EXPIRED("Expired", 410),
        INVALID("Invalid", 422),
        BAD_REQUEST("BadRequest", 400),
        METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
        NOT_ACCEPTABLE("NotAcceptable", 406),
        REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLarge", 413),
        UNSUPPORTED_MEDIA_TYPE("UnsupportedMediaType", 415),
        TOO_MANY_REQUESTS("TooManyRequests", 429),
        INTERNAL_ERROR("InternalError", 500),
        SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
        TIMEOUT("Timeout", 504),
        /**
         * Where upstream gives none, and what a webhook said without a reason or with one of its
         * own.
         */
        UNKNOWN("", 500);

        private final String text;
        private final int code;

        Reason(String text, int code) {
            this.text = text;
            this.code = code;
        }

        /** {@link #UNKNOWN} for a text that is none of them. */
        public static Reason of(String text) {
            for (Reason reason : values()) {
                if (reason.text.equals(text)) {
                    return reason;
                }
            }
            return UNKNOWN;
        }

        public String text() {
            return text;
        }

        public int code() {
            return code;
        }
    }

    /**
     * @param kind the resource's plural name, or the kind where validation failed
     * @param uid empty when unknown
     */
    public record Details(
            String name,
            String group,
            String kind,
            String uid,
            List<Cause> causes,
            int retryAfterSeconds) {}

    /**
     * @param reason for instance {@code FieldValueRequired}
     * @param field for instance {@code spec.containers[0].name}
     */
    public record Cause(String reason, String message, String field) {

        /** Nothing is made any more in a namespace that ends. */
        public static final String NAMESPACE_TERMINATING = "NamespaceTerminating";
    }

    public static Status of(Reason reason, String message) {
        return new Status(reason.code(), reason, message, Optional.empty());
    }
}
