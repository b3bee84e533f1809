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

import java.util.ArrayList;
import java.util.List;

/** A patch as a function from the current object to the wanted one. */
final class PatchChanges {
    private static final String HANDLED_AS = " cannot be handled as a ";
    private static final String STRICT = "strict decoding error: ";

    private final Schema.Struct schema;
    private final Patch patch;
    private final List<String> mistakes;

    PatchChanges(Schema.Struct schema, PatchRequest request) {
        this.schema = schema;
        this.patch = request.patch();
        this.mistakes = request.mistakes();
    }

    /** The changed copy. Throws BadRequest, Invalid. */
    ObjectNode apply(ObjectNode current) {
        return switch (patch) {
            case Patch.Json(JsonNode body) -> json(schema, body, current);
            case Patch.Merge(JsonNode body) -> MergePatch.apply(body, current);
            case Patch.Strategic(JsonNode body) -> {
                if (!(body instanceof ObjectNode object)) {
                    throw ApiException.badRequest("a strategic merge patch is a JSON object");
                }
                ObjectNode changed = StrategicMergePatch.apply(schema, current, object);
                // What kind it is such a patch cannot say: its result is read as the one it was.
                List.of("apiVersion", "kind").forEach(f -> changed.set(f, current.path(f)));
                yield changed;
            }
        };
    }

    /** 422 for a patch whose result is no object of the kind: the request itself was none. */
    ApiException undecodable(ObjectNode patched, ApiException e) {
        if (!e.is(Reason.BAD_REQUEST)) {
            return e;
        }
        String message = e.status().message();
        int handled = message.indexOf(HANDLED_AS);
        int begin = handled < 0 ? -1 : message.indexOf(": ", handled);
        String detail = begin < 0 ? message : message.substring(begin + 2);
        if (detail.startsWith(STRICT)) {
            List<String> all = new ArrayList<>(mistakes);
            all.add(detail.substring(STRICT.length()));
            detail = STRICT + String.join(", ", all);
        } else if (patch instanceof Patch.Strategic) {
            detail = StrategicMergePatch.wrongType(schema, patched).orElse(detail);
        }
        return new ApiException(invalid(patched, detail).status(), e);
    }

    /** Throws Invalid for a patch with mistakes that came to an object all the same. */
    void checkStrictly(ObjectNode patched) {
        if (!mistakes.isEmpty()) {
            throw invalid(patched, STRICT + String.join(", ", mistakes));
        }
    }

    private ApiException invalid(ObjectNode patched, String detail) {
        String shown =
                patch instanceof Patch.Strategic(JsonNode body)
                        ? StrategicMergePatch.shown(body)
                        : Json.text(patched);
        return ApiException.invalid(
                new GroupVersionKind("", "", ""),
                "",
                List.of(FieldError.invalidText("patch", shown, detail)));
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
