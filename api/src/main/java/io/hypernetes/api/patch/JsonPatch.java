package io.hypernetes.api.patch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** RFC 6902. */
public final class JsonPatch {

    /** More operations than this are refused, as upstream does. */
    public static final int MAX_OPERATIONS = 10_000;

    private JsonPatch() {}

    /**
     * The changed copy of {@code target}. Throws BadRequest for a patch that is none, Invalid (422)
     * for one that does not apply.
     */
    public static ObjectNode apply(JsonNode patch, ObjectNode target) {
        throw new UnsupportedOperationException();
    }
}
