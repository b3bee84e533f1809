package io.hypernetes.api.schema;

import io.hypernetes.api.ApiException;

/** The query parameter {@code fieldValidation}: what happens to fields that no schema knows. */
public enum FieldValidation {
    /** They are dropped in silence. */
    IGNORE,
    /** They are dropped, and the answer carries warnings. The default. */
    WARN,
    /** The request is refused. */
    STRICT;

    /**
     * @param parameter the query parameter, empty when absent
     * @throws ApiException 400
     */
    public static FieldValidation of(String parameter) {
        return switch (parameter) {
            case "" -> WARN;
            case "Ignore" -> IGNORE;
            case "Warn" -> WARN;
            case "Strict" -> STRICT;
            default ->
                    throw ApiException.badRequest(
                            "fieldValidation: Unsupported value: \""
                                    + parameter
                                    + "\": supported values: \"\", \"Ignore\", \"Strict\","
                                    + " \"Warn\"");
        };
    }
}
