package io.hypernetes.api.schema;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * Makes of a received tree what Kubernetes' decoder makes of it: the one call that the server's
 * write path needs before defaults and rules.
 */
public final class ObjectDecoder {

    private ObjectDecoder() {}

    /**
     * Checks and cleans {@code object} in place: wrong types are refused, unknown fields treated as
     * {@code validation} says, nulls and what Go leaves out dropped.
     *
     * @return warnings for the {@code Warning} header, in order
     * @throws ApiException 400 when the object cannot be decoded
     */
    public static List<String> decode(
            Schema.Struct schema,
            GroupVersionKind kind,
            ObjectNode object,
            FieldValidation validation) {
        GoZeros.drop(schema, object);
        Optional<String> wrongType = SchemaValidator.decodeError(schema, kind, object);
        if (wrongType.isPresent()) {
            throw ApiException.badRequest(wrongType.get());
        }
        if (validation == FieldValidation.IGNORE) {
            Pruning.prune(schema, object);
            return List.of();
        }
        List<String> unknown = UnknownFields.find(schema, object);
        if (unknown.isEmpty()) {
            return unknown;
        }
        if (validation == FieldValidation.STRICT) {
            throw ApiException.badRequest(UnknownFields.strictError(kind, unknown));
        }
        Pruning.prune(schema, object);
        return unknown;
    }

    /**
     * Checks and cleans a part of an object in place, as if it was decoded by itself.
     *
     * @param at the part's path
     * @param unknown gets a sentence for each field that is unknown, and dropped
     * @return what Go would stumble over first
     */
    public static Optional<String> decodePart(
            Schema.Struct schema, JsonNode part, String at, List<String> unknown) {
        if (part instanceof ObjectNode object) {
            GoZeros.drop(schema, object);
            unknown.addAll(UnknownFields.find(schema, object, at));
            Pruning.prune(schema, object);
        }
        return GoDecoding.firstError(schema, part);
    }
}
