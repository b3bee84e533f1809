package io.hypernetes.api.custom;

import io.hypernetes.api.Column;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Ages;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** The columns of {@code kubectl get} that a definition asks for. */
final class PrinterColumns {
    private PrinterColumns() {}

    /** NAME comes first; AGE is shown only where no columns are asked for, as upstream does. */
    static List<Column> of(JsonNode columns) {
        List<Column> shown = new ArrayList<>(List.of(Columns.name()));
        for (JsonNode column : columns) {
            shown.add(column(column));
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

    private static Object cell(JsonPath path, String type, ObjectNode object) {
        List<JsonNode> found = path.select(object);
        if (found.isEmpty() || found.getFirst().isNull()) {
            return "";
        }
        JsonNode value = found.getFirst();
        return switch (type) {
            case "integer" -> value.isNumber() ? value.asLong(0) : "";
            case "number" -> value.isNumber() ? value.asDouble(0) : "";
            case "boolean" -> value.isBoolean() ? value.asBoolean(false) : "";
            case "date" -> value.isString() ? Ages.since(value.stringValue()) : "";
            default -> text(found);
        };
    }

    private static String text(List<JsonNode> found) {
        if (found.size() == 1) {
            JsonNode value = found.getFirst();
            return value.isValueNode() ? value.asString("") : Json.text(value);
        }
        return found.stream()
                .map(value -> value.isValueNode() ? value.asString("") : Json.text(value))
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
