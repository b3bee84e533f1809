package io.hypernetes.api.apply;

import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;

import java.util.Optional;

/** The other API versions of a kind: a manager's fields are named in the version it wrote in. */
public interface Conversion {

    /** A kind that is served in one version only; what was owned in others is forgotten. */
    Conversion NONE =
            new Conversion() {
                @Override
                public Optional<Schema.Struct> schema(String apiVersion) {
                    return Optional.empty();
                }

                @Override
                public JsonNode convert(JsonNode object, String apiVersion) {
                    throw new IllegalArgumentException("no version " + apiVersion);
                }
            };

    /** The shape in another version; empty when the kind has no such version (any longer). */
    Optional<Schema.Struct> schema(String apiVersion);

    /**
     * @param object in whichever version, not changed
     * @param apiVersion one that has a schema
     */
    JsonNode convert(JsonNode object, String apiVersion);
}
