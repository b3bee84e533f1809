package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.patch.MergePatch;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.StrategicMergePatch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.function.UnaryOperator;

/** Patches as functions from the current object to the wanted one. */
final class PatchChanges {
    private PatchChanges() {}

    static UnaryOperator<ObjectNode> of(Schema schema, Patch patch) {
        return switch (patch) {
            case Patch.Json(JsonNode body) -> current -> JsonPatch.apply(body, current);
            case Patch.Merge(JsonNode body) -> current -> MergePatch.apply(body, current);
            case Patch.Strategic(JsonNode body) -> {
                if (!(body instanceof ObjectNode object)) {
                    throw ApiException.badRequest("a strategic merge patch is a JSON object");
                }
                yield current -> StrategicMergePatch.apply(schema, current, object);
            }
        };
    }
}
