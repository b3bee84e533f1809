package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.client.PodAccess.TerminalSize;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;

import java.util.Optional;

/** The messages of a resize channel: {@code {"Width":80,"Height":24}}. */
final class TerminalSizes {
    private static final int MOST = 65_535;

    private TerminalSizes() {}

    /** Empty for what is no size. */
    static Optional<TerminalSize> parse(byte[] message) {
        try {
            JsonNode size = Json.parse(message);
            int width = size.path("Width").asInt(0);
            int height = size.path("Height").asInt(0);
            boolean valid = width > 0 && width <= MOST && height > 0 && height <= MOST;
            return valid ? Optional.of(new TerminalSize(width, height)) : Optional.empty();
        } catch (ApiException e) {
            return Optional.empty();
        }
    }
}
