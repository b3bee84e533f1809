package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The fields that Go's encoder writes though they are zero, and what it writes then: those without
 * {@code omitempty}, and structs that are no pointers. No schema tells them; they are listed in
 * {@code always-written.txt}.
 */
public final class AlwaysWritten {
    private static final Map<String, Map<String, JsonNode>> FIELDS = read();

    private AlwaysWritten() {}

    /**
     * The zero values of a definition's fields that are always written, by name; shared, not to be
     * changed. Empty for what is no type of Kubernetes'.
     */
    public static Map<String, JsonNode> of(String definition) {
        return FIELDS.getOrDefault(definition, Map.of());
    }

    private static Map<String, Map<String, JsonNode>> read() {
        String name = "always-written.txt";
        try (InputStream in =
                Objects.requireNonNull(AlwaysWritten.class.getResourceAsStream(name))) {
            Map<String, Map<String, JsonNode>> fields = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(": ", 2))
                    .forEach(line -> fields.put(line[0], zeros(line[1])));
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the class path", e);
        }
    }

    private static Map<String, JsonNode> zeros(String list) {
        Map<String, JsonNode> zeros = new LinkedHashMap<>();
        for (String field : list.split(", ")) {
            String[] nameAndZero = field.split(" ", 2);
            zeros.put(nameAndZero[0], JsonMapper.shared().readTree(nameAndZero[1]));
        }
        return Collections.unmodifiableMap(zeros);
    }
}
