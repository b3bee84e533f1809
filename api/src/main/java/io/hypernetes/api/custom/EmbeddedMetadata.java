package io.hypernetes.api.custom;

import io.hypernetes.api.schema.ObjectDecoder;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.Schemas;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * The metadata of custom resources and of resources inside them: the one part of them that has the
 * schema of a built-in kind, and is decoded by itself as Go does it.
 */
final class EmbeddedMetadata {
    private static final Schema.Struct OBJECT_META =
            Schemas.kubernetes().struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

    private EmbeddedMetadata() {}

    /**
     * Cleans it in place.
     *
     * @param at its path
     * @param unknown gets a sentence for each field that is unknown, and dropped
     * @return what Go would stumble over first
     */
    static Optional<String> decode(ObjectNode resource, String at, List<String> unknown) {
        JsonNode metadata = resource.get("metadata");
        if (metadata == null) {
            return Optional.empty();
        }
        if (metadata.isNull()) {
            resource.remove("metadata");
            return Optional.empty();
        }
        return ObjectDecoder.decodePart(OBJECT_META, metadata, at, unknown);
    }
}
