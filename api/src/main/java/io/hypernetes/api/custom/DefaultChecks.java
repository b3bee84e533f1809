package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.kind.Field;

import java.util.ArrayList;
import java.util.List;

/** Defaults must themselves be what the schema allows. */
final class DefaultChecks {
    private DefaultChecks() {}

    /**
     * @param root of a resource: apiVersion, kind and metadata are implied
     */
    static void check(Field schema, boolean root) {
        Field fallback = schema.at("default");
        if (fallback.isSet()) {
            value(schema, fallback, root);
        }
        // Under additionalProperties a default has nowhere to go.
        if (schema.at("items").value().isObject()) {
            check(schema.at("items"), false);
        }
        for (String name : schema.at("properties").keys()) {
            check(schema.at("properties").key(name), false);
        }
    }

    private static void value(Field schema, Field fallback, boolean root) {
        Structural structural;
        try {
            Structural plain = Structural.of(schema.value());
            structural = root ? plain.asResource() : plain;
        } catch (IllegalArgumentException _) {
            return; // the pattern has been told already
        }
        if (!Pruner.pruneValue(structural, fallback.value().deepCopy()).isEmpty()) {
            fallback.invalid("must not have unknown fields");
        }
        List<FieldError> errors = new ArrayList<>();
        EmbeddedResources.check(structural, fallback.value(), "", errors);
        if (errors.isEmpty()) {
            errors.addAll(ValueValidator.validate(structural, fallback.value(), null));
        }
        for (FieldError error : errors) {
            fallback.errors()
                    .add(
                            new FieldError(
                                    below(fallback.path(), error.field()),
                                    error.type(),
                                    error.message()));
        }
    }

    private static String below(String path, String field) {
        if (field.equals(ValueValidator.WHOLE)) {
            return path;
        }
        return path + (field.startsWith(".") ? "" : ".") + field;
    }
}
