package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

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
        Map<String, Map<String, JsonNode>> fields = new HashMap<>();
        FieldTable.read("always-written.txt")
                .forEach((definition, zeros) -> {
                    Map<String, JsonNode> parsed = new LinkedHashMap<>();
                    zeros.forEach(
                            (field, zero) -> parsed.put(field, JsonMapper.shared().readTree(zero)));
                    fields.put(definition, Collections.unmodifiableMap(parsed));
                });
        return fields;
    }
}
