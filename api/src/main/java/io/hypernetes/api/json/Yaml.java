package io.hypernetes.api.json;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** YAML in and out. */
public final class Yaml {

    private Yaml() {}

    /** The only document. Throws BadRequest when there is none, several, or no object in it. */
    public static Parsed parse(byte[] yaml) {
        throw new UnsupportedOperationException();
    }

    /** All documents that are not empty. Throws BadRequest. */
    public static List<Parsed> parseAll(byte[] yaml) {
        throw new UnsupportedOperationException();
    }

    /** Block style, two spaces, fields in the order of {@link Json#write}. */
    public static byte[] write(JsonNode node) {
        throw new UnsupportedOperationException();
    }
}
