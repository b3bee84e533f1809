package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Parsed;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Pace;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.function.Consumer;

/** The languages of PATCH. */
final class Patches {
    private static final String FIRST = "application/json-patch+json, application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";

    private Patches() {}

    /** Whether it is a server-side apply. Throws UnsupportedMediaType. */
    static boolean applies(String mediaType, ResourceType type) {
        // Only built-in kinds say how a strategic merge patch merges their lists.
        boolean custom = type.schema().struct().checked();
        boolean served =
                switch (mediaType) {
                    case APPLY, "application/json-patch+json", "application/merge-patch+json" ->
                            true;
                    case STRATEGIC -> !custom || type.id().group().equals("hypernetes.io");
                    default -> false;
                };
        if (!served) {
            throw Decoding.unknownFormat(FIRST + (custom ? "" : ", " + STRATEGIC) + ", " + APPLY);
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
            throw ApiException.badRequest("error decoding patch: " + e.status().message());
        }
        if (!parsed.duplicates().isEmpty()) {
            String doubled = String.join("\n  ", parsed.duplicates());
            switch (validation) {
                case IGNORE -> {}
                case WARN -> warnings.accept("yaml: unmarshal errors:\n  " + doubled);
                case STRICT ->
                        throw ApiException.badRequest(
                                "error strict decoding patch: yaml: unmarshal errors:\n  "
                                        + doubled);
            }
        }
        return parsed.tree();
    }

    /** Throws BadRequest in the words of upstream's decoder. */
    static Patch read(Exchange exchange, String type) {
        byte[] sent = Bodies.read(exchange);
        return switch (type) {
            case "application/json-patch+json" -> {
                JsonNode body = parse(sent, "error decoding patch: ");
                JsonNode operations = body.isNull() ? Json.object().arrayNode() : body;
                if (!operations.isArray()) {
                    throw wrongType("error decoding patch: ", operations, "[]handlers.jsonPatchOp");
                }
                yield new Patch.Json(operations);
            }
            case "application/merge-patch+json" -> {
                JsonNode body = parse(sent, "error decoding patch: ");
                if (!body.isObject() && !body.isNull()) {
                    throw wrongType("error decoding patch: ", body, "map[string]interface {}");
                }
                yield new Patch.Merge(body);
            }
            default -> {
                JsonNode body = parse(sent, "");
                JsonNode changes = body.isNull() ? Json.object() : body;
                if (!changes.isObject()) {
                    throw wrongType("", changes, "map[string]interface {}");
                }
                yield new Patch.Strategic(changes);
            }
        };
    }

    private static JsonNode parse(byte[] sent, String told) {
        try {
            return Pace.in(sent.length, () -> Json.parse(sent));
        } catch (ApiException e) {
            throw ApiException.badRequest(told + e.status().message());
        }
    }

    private static ApiException wrongType(String told, JsonNode sent, String wanted) {
        String type =
                switch (sent.getNodeType()) {
                    case ARRAY -> "array";
                    case OBJECT -> "object";
                    case BOOLEAN -> "bool";
                    case NUMBER -> "number";
                    default -> "string";
                };
        return ApiException.badRequest(
                told + "json: cannot unmarshal " + type + " into Go value of type " + wanted);
    }
}
