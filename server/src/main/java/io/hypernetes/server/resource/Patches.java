package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.GoValue;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Parsed;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.registry.PatchRequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The languages of PATCH. */
final class Patches {
    private static final String JSON = "application/json-patch+json";
    private static final String MERGE = "application/merge-patch+json";
    private static final String FIRST = JSON + ", " + MERGE;
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";

    private Patches() {}

    /** Whether it is a server-side apply. Throws UnsupportedMediaType. */
    static boolean applies(String mediaType, ResourceType type) {
        // Only built-in kinds say how a strategic merge patch merges their lists.
        boolean custom = type.schema().isCustom();
        boolean served =
                switch (mediaType) {
                    case APPLY, JSON, MERGE -> true;
                    case STRATEGIC -> !custom;
                    default -> false;
                };
        if (!served && !custom) {
            throw ApiException.of(Reason.UNSUPPORTED_MEDIA_TYPE, "415: Unsupported Media Type");
        }
        if (!served) {
            throw Decoding.unknownFormat(FIRST + ", " + APPLY);
        }
        return mediaType.equals(APPLY);
    }

    /**
     * The configuration of a server-side apply; doubled fields are treated as {@code validation}
     * says. Throws BadRequest.
     */
    static ObjectNode config(byte[] body, FieldValidation validation, Consumer<String> warnings) {
        Parsed parsed;
        try {
            parsed = Pace.in(body.length, () -> Yaml.parse(body));
        } catch (ApiException e) {
            throw ApiException.badRequest("error decoding YAML: " + e.status().message());
        }
        if (!parsed.duplicates().isEmpty()) {
            String doubled = String.join("\n  ", parsed.duplicates());
            switch (validation) {
                case IGNORE -> {}
                case WARN -> warnings.accept("yaml: unmarshal errors:\n  " + doubled);
                case STRICT ->
                        throw ApiException.badRequest(
                                "error strict decoding YAML: yaml: unmarshal errors:\n  "
                                        + doubled);
            }
        }
        return parsed.tree();
    }

    /**
     * The patch with what is doubled in it, of which warnings are told at once. Throws BadRequest
     * in the words of upstream's decoder.
     */
    static PatchRequest read(ResourceRequest request, String type) {
        byte[] sent = Bodies.read(request.exchange());
        List<String> doubled = new ArrayList<>();
        boolean checked = request.validation() != FieldValidation.IGNORE;
        Patch patch =
                switch (type) {
                    case JSON -> {
                        JsonNode body = parse(sent, "error decoding patch: ", doubled);
                        doubled.replaceAll(mistake -> "json patch " + mistake);
                        JsonNode operations = body.isNull() ? Json.object().arrayNode() : body;
                        if (!operations.isArray()) {
                            throw checked
                                    ? wrongType(
                                            "error decoding patch: ",
                                            operations,
                                            "[]handlers.jsonPatchOp")
                                    : wrongType("", operations, "jsonpatch.Patch");
                        }
                        yield new Patch.Json(operations);
                    }
                    case MERGE -> {
                        JsonNode body = parse(sent, "error decoding patch: ", doubled);
                        if (!body.isObject() && !body.isNull()) {
                            throw wrongType(
                                    "error decoding patch: ", body, "map[string]interface {}");
                        }
                        yield new Patch.Merge(body);
                    }
                    default -> {
                        JsonNode body = parse(sent, "", doubled);
                        JsonNode changes = body.isNull() ? Json.object() : body;
                        if (!changes.isObject()) {
                            throw wrongType("", changes, "map[string]interface {}");
                        }
                        yield new Patch.Strategic(changes);
                    }
                };
        if (request.validation() == FieldValidation.WARN) {
            doubled.forEach(request.warnings()::add);
        }
        return new PatchRequest(patch, checked ? doubled : List.of());
    }

    private static JsonNode parse(byte[] sent, String told, List<String> doubled) {
        try {
            return Pace.in(sent.length, () -> Json.parse(sent, doubled));
        } catch (ApiException e) {
            throw ApiException.badRequest(told + e.status().message());
        }
    }

    private static ApiException wrongType(String told, JsonNode sent, String wanted) {
        return ApiException.badRequest(
                told
                        + "json: cannot unmarshal "
                        + GoValue.jsonType(sent)
                        + " into Go value of type "
                        + wanted);
    }
}
