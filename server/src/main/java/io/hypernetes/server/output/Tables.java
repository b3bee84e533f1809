package io.hypernetes.server.output;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ColumnDescriptions;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Stream;

/** The {@code Table} of {@code meta.k8s.io}: what {@code kubectl get} prints. */
final class Tables {
    /** What a row carries of its object, the {@code includeObject} of a request. */
    enum Include {
        NONE,
        METADATA,
        OBJECT;

        /** Throws BadRequest. */
        static Include of(String parameter) {
            return switch (parameter) {
                case "", "Metadata" -> METADATA;
                case "None" -> NONE;
                case "Object" -> OBJECT;
                default ->
                        throw ApiException.badRequest(
                                "Unable to convert to Table as requested: includeObject: Invalid"
                                        + " value: \""
                                        + parameter
                                        + "\": must be 'Metadata', 'Object', 'None', or empty");
            };
        }
    }

    /** In front of all, where objects of several tenants are listed. */
    private static final Column TENANT =
            new Column(
                    "Tenant",
                    "string",
                    "",
                    "Tenant is whose the object is.",
                    0,
                    object -> Metadata.annotation(object, Answers.TENANT));

    private Tables() {}

    /** The columns for one tenant's objects, or for those of several. */
    static List<Column> columns(ResourceType type, boolean everyTenant) {
        List<Column> columns = Columns.shown(type);
        return everyTenant ? Stream.concat(Stream.of(TENANT), columns.stream()).toList() : columns;
    }

    /**
     * @param apiVersion of meta.k8s.io
     * @param withColumns false after the first event of a watch: clients keep the columns
     */
    static ObjectNode table(
            String apiVersion,
            ResourceType type,
            List<Column> columns,
            List<ObjectNode> objects,
            Include include,
            boolean withColumns,
            ObjectNode listMetadata) {
        ObjectNode table = Json.object();
        table.put("kind", "Table").put("apiVersion", apiVersion);
        table.set("metadata", listMetadata);
        if (withColumns) {
            ArrayNode definitions = table.putArray("columnDefinitions");
            columns.forEach(column -> definitions.add(definition(type, column)));
        } else {
            table.putNull("columnDefinitions");
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            columns.forEach(column -> addCell(cells, column.cell().apply(object)));
            row.set("object", included(object, include, apiVersion));
        }
        return table;
    }

    private static JsonNode included(ObjectNode object, Include include, String apiVersion) {
        return switch (include) {
            case NONE -> NullNode.getInstance();
            case METADATA -> partial(object, apiVersion);
            case OBJECT -> object;
        };
    }

    /** {@code PartialObjectMetadata} of {@code meta.k8s.io}. */
    static ObjectNode partial(ObjectNode object, String apiVersion) {
        ObjectNode partial = Json.object();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", apiVersion);
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static ObjectNode definition(ResourceType type, Column column) {
        ObjectNode definition = Json.object();
        definition.put("name", column.name()).put("type", column.type());
        definition.put("format", column.format());
        definition.put("description", ColumnDescriptions.of(type, column));
        return definition.put("priority", column.priority());
    }

    private static void addCell(ArrayNode cells, Object value) {
        switch (value) {
            case Integer number -> cells.add(number);
            case Long number -> cells.add(number);
            case Double number -> cells.add(number);
            case Boolean flag -> cells.add(flag);
            case JsonNode node -> cells.add(node);
            default -> cells.add(JsonNodeFactory.instance.stringNode(value.toString()));
        }
    }
}
