package io.hypernetes.server.resource;

import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Exchange;

import tools.jackson.databind.JsonNode;

/** The languages of PATCH. */
final class Patches {
    private static final String ACCEPTED =
            "application/json-patch+json, application/merge-patch+json,"
                    + " application/strategic-merge-patch+json";

    private Patches() {}

    /** Throws UnsupportedMediaType, BadRequest. */
    static Patch read(Exchange exchange) {
        String type = Decoding.mediaType(exchange);
        switch (type) {
            case "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json" -> {}
            default -> throw Decoding.unknownFormat(ACCEPTED);
        }
        JsonNode body = Json.parse(Bodies.read(exchange));
        return switch (type) {
            case "application/json-patch+json" -> new Patch.Json(body);
            case "application/merge-patch+json" -> new Patch.Merge(body);
            default -> new Patch.Strategic(body);
        };
    }
}
