package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.patch.MergePatch;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.StrategicMergePatch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.UnaryOperator;

/** Patches as functions from the current object to the wanted one. */
final class PatchChanges {
    private static final String HANDLED_AS = " cannot be handled as a ";

    private PatchChanges() {}

    /** 422 for a patch whose result is no object of the kind: the request itself was none. */
    static ApiException undecodable(ObjectNode patched, ApiException e) {
        if (!e.is(Reason.BAD_REQUEST)) {
            return e;
        }
        String message = e.status().message();
        int detail = message.indexOf(HANDLED_AS);
        int begin = detail < 0 ? -1 : message.indexOf(": ", detail);
        return new ApiException(
                ApiException.invalid(
                                new GroupVersionKind("", "", ""),
                                "",
                                List.of(
                                        FieldError.invalidText(
                                                "patch",
                                                Json.text(patched),
                                                begin < 0
                                                        ? message
                                                        : message.substring(begin + 2))))
                        .status(),
                e);
    }

    /** The functions leave the object that they are given as it is. */
    static UnaryOperator<ObjectNode> of(Schema schema, Patch patch) {
        return switch (patch) {
            case Patch.Json(JsonNode body) -> current -> json(schema, body, current);
            case Patch.Merge(JsonNode body) -> current -> MergePatch.apply(body, current);
            case Patch.Strategic(JsonNode body) -> {
                if (!(body instanceof ObjectNode object)) {
                    throw ApiException.badRequest("a strategic merge patch is a JSON object");
                }
                yield current -> StrategicMergePatch.apply(schema, current, object);
            }
        };
    }

    /**
     * Go writes a built-in kind's status also where there is none, so clients' patches count on
     * {@code /status} being there.
     */
    private static ObjectNode json(Schema schema, JsonNode body, ObjectNode current) {
        boolean without =
                !current.has("status")
                        && schema instanceof Schema.Struct struct
                        && !struct.checked()
                        && struct.property("status").isPresent();
        if (!without) {
            return JsonPatch.apply(body, current);
        }
        ObjectNode written = current.deepCopy();
        written.putObject("status");
        ObjectNode patched = JsonPatch.apply(body, written);
        if (patched.get("status") instanceof ObjectNode status && status.isEmpty()) {
            patched.remove("status");
        }
        return patched;
    }
}
