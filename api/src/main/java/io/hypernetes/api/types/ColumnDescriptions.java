package io.hypernetes.api.types;

import io.hypernetes.api.Column;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.schema.FieldDescriptions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a Table tells of its columns, after {@code columns.txt}. It is read when the first Table is
 * asked for: clients seldom show it, and a start need not wait for it.
 */
public final class ColumnDescriptions {
    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String EVERY_KIND = "*";

    /**
     * By resource and group, then by column: a text after ":", or a field after "= ", which may be
     * one of another definition: "= spec.metrics of io.k8s.api…".
     */
    private static final class Told {
        static final Map<String, Map<String, String>> LINES = parse(read());
        static final Map<String, Map<String, String>> TEXTS = texts(LINES);
    }

    private ColumnDescriptions() {}

    /** Empty when nothing is told of the column. */
    public static String of(ResourceType type, Column column) {
        if (!column.description().isEmpty()) {
            return column.description();
        }
        String own =
                Told.TEXTS.getOrDefault(type.schema().definition(), Map.of()).get(column.name());
        return own != null
                ? own
                : Told.TEXTS.getOrDefault(METADATA, Map.of()).getOrDefault(column.name(), "");
    }

    /** The columns that the file tells of, by resource and group. */
    static Map<String, Map<String, String>> lines() {
        return Told.LINES;
    }

    static String resource(ResourceType type) {
        String group = type.id().group();
        return type.id().resource() + (group.isEmpty() ? "" : "." + group);
    }

    /** By definition and column. */
    private static Map<String, Map<String, String>> texts(Map<String, Map<String, String>> lines) {
        FieldDescriptions fields = new FieldDescriptions();
        Map<String, Map<String, String>> texts = new HashMap<>();
        texts.put(METADATA, told(METADATA, lines.getOrDefault(EVERY_KIND, Map.of()), fields));
        Stream<ResourceType> types =
                Stream.concat(BuiltinTypes.ALL.stream(), UnstoredTypes.ALL.stream());
        for (ResourceType type : types.toList()) {
            String definition = type.schema().definition();
            Map<String, String> own = lines.getOrDefault(resource(type), Map.of());
            texts.computeIfAbsent(definition, _ -> told(definition, own, fields));
        }
        return texts;
    }

    private static Map<String, String> told(
            String definition, Map<String, String> lines, FieldDescriptions fields) {
        Map<String, String> told = new HashMap<>();
        lines.forEach((column, line) ->
                told.put(
                        column,
                        line.startsWith("= ")
                                ? field(definition, line.substring(2), fields)
                                : line.substring(1).strip().replace("\\n", "\n")));
        return told;
    }

    private static String field(String definition, String field, FieldDescriptions fields) {
        String[] pathAndOwner = field.split(" of ");
        String owner = pathAndOwner.length == 1 ? definition : pathAndOwner[1];
        return fields.of(owner, List.of(pathAndOwner[0].split("\\."))).orElse("");
    }

    private static Map<String, Map<String, String>> parse(String file) {
        Map<String, Map<String, String>> lines = new HashMap<>();
        List<String> resources = List.of();
        for (String line : file.lines().toList()) {
            if (line.startsWith("[")) {
                resources = List.of(line.substring(1, line.length() - 1).split(", "));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int field = line.indexOf(" = ");
                int text = line.indexOf(':');
                boolean isField = text < 0 || field >= 0 && field < text;
                String column = line.substring(0, isField ? field : text);
                String told = line.substring(isField ? field + 1 : text);
                for (String resource : resources) {
                    lines.computeIfAbsent(resource, _ -> new HashMap<>()).put(column, told);
                }
            }
        }
        return lines;
    }

    private static String read() {
        try (InputStream in =
                Objects.requireNonNull(
                        ColumnDescriptions.class.getResourceAsStream("columns.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("columns.txt cannot be read from the class path", e);
        }
    }
}
