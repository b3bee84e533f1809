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

    /** Throws BadRequest. */
    static Patch read(Exchange exchange, String type) {
        byte[] sent = Bodies.read(exchange);
        JsonNode body = Pace.in(sent.length, () -> Json.parse(sent));
        return switch (type) {
            case "application/json-patch+json" -> new Patch.Json(body);
            case "application/merge-patch+json" -> new Patch.Merge(body);
            default -> new Patch.Strategic(body);
        };
    }
}
