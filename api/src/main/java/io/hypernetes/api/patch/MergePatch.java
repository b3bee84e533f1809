package io.hypernetes.api.patch;

import io.hypernetes.api.ApiException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** RFC 7386. */
public final class MergePatch {

    private MergePatch() {}

    /** The changed copy of {@code target}. Throws BadRequest when the patch is no object. */
    public static ObjectNode apply(JsonNode patch, ObjectNode target) {
        if (!(patch instanceof ObjectNode changes)) {
            throw ApiException.badRequest("Invalid JSON Patch");
        }
        ObjectNode result = target.deepCopy();
        merge(changes, result);
        return result;
    }

    private static void merge(ObjectNode changes, ObjectNode target) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String field = change.getKey();
            if (change.getValue().isNull()) {
                target.remove(field);
            } else if (change.getValue() instanceof ObjectNode inner) {
                // A fresh object too is merged into, not copied: its nulls must not be stored.
                merge(
                        inner,
                        target.get(field) instanceof ObjectNode existing
                                ? existing
                                : target.putObject(field));
            } else {
                target.set(field, change.getValue().deepCopy());
            }
        }
    }
}
