package io.hypernetes.api.schema;

/** The kinds of single values that Kubernetes' objects are made of. */
public enum ScalarType {
    STRING("string", ""),
    /** Base64 in JSON. */
    BYTES("string", "byte"),
    BOOLEAN("boolean", ""),
    INT32("integer", "int32"),
    INT64("integer", "int64"),
    DOUBLE("number", "double"),
    /** RFC 3339 with seconds. */
    TIME("string", "date-time"),
    /** RFC 3339 with microseconds. */
    MICRO_TIME("string", "date-time"),
    /** {@code 100m}, {@code 1Gi}; clients may also send a number. */
    QUANTITY("string", ""),
    /** A port by number or by name, a count or a percentage. */
    INT_OR_STRING("string", "int-or-string");

    private final String openApiType;
    private final String openApiFormat;

    ScalarType(String openApiType, String openApiFormat) {
        this.openApiType = openApiType;
        this.openApiFormat = openApiFormat;
    }

    /** {@code type} in OpenAPI v2. */
    public String openApiType() {
        return openApiType;
    }

    /** {@code format} in OpenAPI v2, empty when there is none. */
    public String openApiFormat() {
        return openApiFormat;
    }
}
