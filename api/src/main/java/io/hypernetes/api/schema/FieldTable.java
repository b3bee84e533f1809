package io.hypernetes.api.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Facts about fields of Go's types that no schema tells: by definition, then by field. */
final class FieldTable {

    private FieldTable() {}

    /**
     * @param name of a resource beside this class, of lines {@code DEFINITION: FIELD FACT, …}
     */
    static Map<String, Map<String, String>> read(String name) {
        try (InputStream in = Objects.requireNonNull(FieldTable.class.getResourceAsStream(name))) {
            Map<String, Map<String, String>> fields = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(": ", 2))
                    .forEach(line -> fields.put(line[0], facts(line[1])));
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the class path", e);
        }
    }

    private static Map<String, String> facts(String list) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String field : list.split(", ")) {
            String[] nameAndFact = field.split(" ", 2);
            facts.put(nameAndFact[0], nameAndFact[1]);
        }
        return facts;
    }
}
