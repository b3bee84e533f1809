package io.hypernetes.api.schema;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the objects of a resource type look like: one of Kubernetes' definitions, or the schema of a
 * CustomResourceDefinition. The write path asks this interface and never whose schema it is.
 */
public interface ObjectSchema {

    /** The definition's name in OpenAPI: {@code io.k8s.api.core.v1.Pod}. */
    String definition();

    /** The OpenAPI schema that is not among the definitions of the build: a custom resource's. */
    default Optional<JsonNode> source() {
        return Optional.empty();
    }

    /**
     * Whether it is a custom resource's, of which other things are allowed than of built-in kinds.
     */
    default boolean isCustom() {
        return source().isPresent();
    }

    /** The fields and how patches and server-side apply merge them. */
    Schema.Struct struct();

    /**
     * Checks and cleans what was received, in place: wrong types, unknown fields, nulls.
     *
     * @return warnings for the {@code Warning} header
     * @throws io.hypernetes.api.ApiException 400 when the object cannot be decoded
     */
    List<String> decode(GroupVersionKind kind, ObjectNode object, FieldValidation validation);

    /** Sets the schema's defaults, in place. Idempotent. */
    void applyDefaults(ObjectNode object);

    /**
     * Adds, in place, the zeros of the object's own fields that are always there, like a status.
     */
    default void addZeros(ObjectNode object) {}

    /** Adds, in place, what is shown of fields that are not there: the nulls that Go writes. */
    default void addNulls(ObjectNode object) {}

    /** Takes what {@link #addNulls} adds away again, in place. */
    default void dropNulls(ObjectNode object) {}

    /** What the schema finds wrong with a new object. */
    List<FieldError> validate(ObjectNode object);

    /** What the schema finds wrong with a changed object. */
    default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return validate(object);
    }

    /**
     * All that is wrong with an object, in the order in which upstream tells it.
     *
     * @param old before an update
     * @param ofKind what the kind's own rules found
     */
    default List<FieldError> validate(
            ObjectNode object, Optional<ObjectNode> old, List<FieldError> ofKind) {
        List<FieldError> errors =
                new ArrayList<>(
                        old.isPresent() ? validateUpdate(object, old.get()) : validate(object));
        errors.addAll(ofKind);
        return errors;
    }
}
