package io.hypernetes.api.patch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** RFC 7386. */
public final class MergePatch {

    private MergePatch() {}

    /** The changed copy of {@code target}. Throws BadRequest when the patch is no object. */
    public static ObjectNode apply(JsonNode patch, ObjectNode target) {
        throw new UnsupportedOperationException();
    }
}
