package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Defaults must themselves be what the schema allows. */
final class DefaultChecks {
    /** A default is checked as the one field of an object. */
    private static final String HOLDER = "default";

    private DefaultChecks() {}

    static void check(Field schema) {
        Field fallback = schema.at("default");
        if (fallback.isSet()) {
            value(schema, fallback);
        }
        // Under additionalProperties a default has nowhere to go.
        if (schema.at("items").value().isObject()) {
            check(schema.at("items"));
        }
        for (String name : schema.at("properties").keys()) {
            check(schema.at("properties").key(name));
        }
    }

    private static void value(Field schema, Field fallback) {
        ObjectNode wrapped = Json.object();
        wrapped.put("type", "object");
        wrapped.putObject("properties").set(HOLDER, schema.value());
        Structural structural;
        try {
            structural = Structural.of(wrapped);
        } catch (IllegalArgumentException _) {
            return; // the pattern has been told already
        }
        ObjectNode object = Json.object();
        object.set(HOLDER, fallback.value().deepCopy());
        Pruner.prune(structural, object);
        if (!Json.same(object.path(HOLDER), fallback.value())) {
            fallback.invalid("must not have unknown fields");
        }
        JsonNode unpruned = fallback.value();
        object.set(HOLDER, unpruned);
        List<FieldError> errors =
                new ArrayList<>(ValueValidator.validate(structural, object, null));
        EmbeddedResources.check(structural, object, "", errors);
        ListRules.check(structural, object, "", errors);
        for (FieldError error : errors) {
            String path = fallback.path() + error.field().substring(HOLDER.length());
            fallback.errors()
                    .add(
                            new FieldError(
                                    path,
                                    error.type(),
                                    error.message().replace(error.field() + " in", path + " in")));
        }
    }
}
