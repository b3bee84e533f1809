package io.hypernetes.api.types;

import io.hypernetes.api.FieldError;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Function;

/** The rules for every object's metadata. */
public final class ObjectMetaValidation {

    private ObjectMetaValidation() {}

    /**
     * @param nameRule what is wrong with a name, empty when nothing is; see {@link
     *     io.hypernetes.api.names.Names}
     */
    public static List<FieldError> validate(
            ObjectNode object, boolean namespaced, Function<String, List<String>> nameRule) {
        throw new UnsupportedOperationException();
    }

    /** What an update may not change. */
    public static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        throw new UnsupportedOperationException();
    }
}
