package io.hypernetes.api.json;

import io.hypernetes.api.ApiException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON trees and their canonical bytes.
 *
 * <p>Canonical means: {@code apiVersion}, {@code kind}, {@code metadata} come first in this order,
 * the fields of {@code metadata} are sorted, all other fields keep the order in which they came,
 * nothing is indented, and numbers are written as they were read. The stored form carries no {@code
 * metadata.resourceVersion}: the store's revision is the version, and {@link #withResourceVersion}
 * splices it in on the way out.
 */
public final class Json {

    private Json() {}

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Throws BadRequest when {@code json} is no JSON object or has a nesting that is too deep. */
    public static ObjectNode parseObject(byte[] json) {
        return parseManifest(json).tree();
    }

    /** As {@link #parseObject}, and says which fields occur twice. */
    public static Parsed parseManifest(byte[] json) {
        throw new UnsupportedOperationException();
    }

    /** Any JSON value. Throws BadRequest. */
    public static JsonNode parse(byte[] json) {
        throw ApiException.badRequest("");
    }

    /** The canonical bytes. */
    public static byte[] write(JsonNode node) {
        throw new UnsupportedOperationException();
    }

    /** The canonical bytes as text. */
    public static String text(JsonNode node) {
        return new String(write(node), java.nio.charset.StandardCharsets.UTF_8);
    }

    /**
     * Canonical bytes with {@code "resourceVersion":"REVISION"} as the first field of the metadata.
     *
     * @param canonical an object of {@link #write} with a metadata object and no resourceVersion
     */
    public static byte[] withResourceVersion(byte[] canonical, long revision) {
        throw new UnsupportedOperationException();
    }

    /** Removes {@code metadata.resourceVersion} in place, the form that is stored. */
    public static ObjectNode withoutResourceVersion(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("resourceVersion");
        }
        return object;
    }
}
