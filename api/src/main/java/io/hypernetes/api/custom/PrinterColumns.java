package io.hypernetes.api.custom;

import io.hypernetes.api.Column;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.kind.Ages;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The columns of {@code kubectl get} that a definition asks for. */
final class PrinterColumns {
    private PrinterColumns() {}

    /** NAME comes first; AGE is shown only where no columns are asked for, as upstream does. */
    static List<Column> of(JsonNode columns) {
        List<Column> shown = new ArrayList<>(List.of(Columns.name()));
        for (JsonNode column : columns) {
            try {
                shown.add(column(column));
            } catch (IllegalArgumentException _) {
                break; // a path that is none ends the table, as upstream has it
            }
        }
        if (shown.size() == 1) {
            shown.add(new Column("Age", "date", "", "", 0, Columns.age().cell()));
        }
        return List.copyOf(shown);
    }

    private static Column column(JsonNode column) {
        String text = column.path("jsonPath").asString("");
        JsonPath path = JsonPath.parse(text);
        String type = column.path("type").asString("");
        return new Column(
                column.path("name").asString(""),
                type,
                column.path("format").asString(""),
                // Upstream's words for a column that the definition does not describe.
                column.path("description")
                        .asString(
                                "Custom resource definition column (in JSONPath format): " + text),
                column.path("priority").asInt(0),
                object -> cell(path, type, object));
    }

    /** The first value that the path leads to; none where that is of another type. */
    private static Object cell(JsonPath path, String type, ObjectNode object) {
        List<JsonNode> found = path.select(object);
        if (found.isEmpty()) {
            return NullNode.getInstance();
        }
        JsonNode value = found.getFirst();
        boolean fits =
                switch (type) {
                    case "integer", "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    case "date" -> value.isString();
                    default -> true;
                };
        if (!fits) {
            return NullNode.getInstance();
        }
        return switch (type) {
            case "integer" -> value.decimalValue().longValue();
            case "number" -> value.asDouble(0);
            case "boolean" -> value.asBoolean(false);
            case "date" -> age(value.stringValue());
            default -> text(value);
        };
    }

    private static String age(String time) {
        try {
            return time.isEmpty()
                    ? Ages.since("")
                    : Ages.since(OffsetDateTime.parse(time).toInstant().toString());
        } catch (DateTimeException _) {
            return "<invalid>";
        }
    }

    /** As Go prints it. */
    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "<no value>";
        }
        return value.isContainer() ? FieldError.shown(value) : value.asString("");
    }
}
