package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files that schemas come from. Each line of an extracted file is a name, a space and JSON. */
final class SchemaData {

    private static final String EXTRACTED = "/io/hypernetes/schema/kubernetes-1.36.";

    private SchemaData() {}

    static Map<String, String> definitions() {
        return lines(EXTRACTED + "definitions");
    }

    /** Protocol buffer messages: {@code NUMBER:FIELD:TYPE} of each field, parted by spaces. */
    static Map<String, String> fields() {
        return lines(EXTRACTED + "fields");
    }

    /** Texts for OpenAPI only: the key {@code ""} is the definition's own, others its fields'. */
    static Map<String, String> descriptions() {
        return lines(EXTRACTED + "descriptions");
    }

    /** Our own definitions and additions, with their descriptions. */
    static JsonNode own() {
        return JsonMapper.shared().readTree(bytes("hypernetes.json").orElseThrow());
    }

    private static Map<String, String> lines(String resource) {
        Map<String, String> lines = new HashMap<>(2048);
        new String(bytes(resource).orElse(new byte[0]), StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> {
                    int space = line.indexOf(' ');
                    String name = space < 0 ? line : line.substring(0, space);
                    lines.put(name, space < 0 ? "" : line.substring(space + 1));
                });
        return lines;
    }

    private static Optional<byte[]> bytes(String resource) {
        try (InputStream in = SchemaData.class.getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource + " from the class path", e);
        }
    }
}
