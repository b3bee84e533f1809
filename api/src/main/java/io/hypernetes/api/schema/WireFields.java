package io.hypernetes.api.schema;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The numbers of fields in Kubernetes' protocol buffers. */
public final class WireFields {
    /**
     * @param name as in JSON, but for the fields of embedded structs
     * @param message the name of the field's message, empty when it is a scalar or a map
     */
    public record Field(String name, String message) {}

    private final Map<String, String> lines = SchemaData.fields();
    private final Map<String, Map<Integer, Field>> parsed = new ConcurrentHashMap<>();

    /**
     * @param message named as its definition, {@code io.k8s.api.core.v1.Pod}
     */
    public Optional<Field> find(String message, int number) {
        return Optional.ofNullable(parsed.computeIfAbsent(message, this::parse).get(number));
    }

    private Map<Integer, Field> parse(String message) {
        Map<Integer, Field> fields = new HashMap<>();
        for (String entry : lines.getOrDefault(message, "").split(" ", -1)) {
            String[] parts = entry.split(":", 3);
            if (parts.length == 3) {
                fields.put(Integer.parseInt(parts[0]), new Field(parts[1], parts[2]));
            }
        }
        return fields;
    }
}
