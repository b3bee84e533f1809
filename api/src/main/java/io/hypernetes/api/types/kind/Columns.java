package io.hypernetes.api.types.kind;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Columns that many kinds share. */
public final class Columns {

    private Columns() {}

    /** NAME, which comes first unless a row places it elsewhere. */
    public static Column name() {
        return new Column("Name", "string", "name", "", 0, Metadata::name);
    }

    /** AGE since the creation, computed when it is shown. */
    public static Column age() {
        return Column.of("Age", object -> Ages.since(Metadata.creationTimestamp(object)));
    }

    /** The creation itself, of kinds that have no printer upstream. */
    public static Column created() {
        return new Column("Created At", "date", "", "", 0, Metadata::creationTimestamp);
    }

    /** All columns of a type in their order: NAME is added where its row has none. */
    public static List<Column> shown(ResourceType type) {
        if (type.schema().isCustom()) {
            return type.columns(); // a custom resource's are as its definition says
        }
        List<Column> columns = new ArrayList<>(type.columns());
        if (!has(columns, "Name")) {
            columns.addFirst(name());
        }
        if (type.columns().isEmpty()) {
            columns.addLast(age());
        }
        return List.copyOf(columns);
    }

    private static boolean has(List<Column> columns, String name) {
        return columns.stream().anyMatch(column -> column.name().equals(name));
    }

    public static Column integer(String name, Function<ObjectNode, Object> cell) {
        return new Column(name, "integer", "", "", 0, cell);
    }

    /** A number under a type that says it is a text, as some of upstream's are. */
    public static Column number(String name, Function<ObjectNode, Object> cell) {
        return Column.of(name, cell);
    }

    /** The text at a path. */
    public static Column text(String name, String... path) {
        return Column.of(name, object -> Trees.text(object, path));
    }

    /** The text at a path, {@code <none>} when there is none. */
    public static Column wideOrNone(String name, String... path) {
        return Column.wide(name, object -> orNone(Trees.text(object, path)));
    }

    public static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    /** The number of fields or items. */
    public static int size(JsonNode node) {
        return node.isContainer() ? node.size() : 0;
    }
}
