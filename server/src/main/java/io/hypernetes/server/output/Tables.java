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
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code Table} of {@code meta.k8s.io/v1}: what {@code kubectl get} prints. */
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
                                "unrecognized includeObject value: \"" + parameter + "\"");
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
        List<Column> columns = columns(type);
        return everyTenant ? Stream.concat(Stream.of(TENANT), columns.stream()).toList() : columns;
    }

    /** NAME first, AGE before the columns that only {@code -o wide} shows. */
    static List<Column> columns(ResourceType type) {
        if (type.schema().source().isPresent()) {
            return type.columns(); // a custom resource's are as its definition says
        }
        Set<String> own = Set.copyOf(type.columns().stream().map(Column::name).toList());
        List<Column> columns = new ArrayList<>();
        if (!own.contains("Name")) {
            columns.add(Columns.name());
        }
        type.columns().stream().filter(c -> c.priority() == 0).forEach(columns::add);
        if (!own.contains("Age") && !own.contains("Last Seen") && !own.contains("Created At")) {
            columns.add(Columns.age());
        }
        Stream<Column> wide = type.columns().stream().filter(c -> c.priority() > 0);
        wide.forEach(columns::add);
        return columns;
    }

    /**
     * @param withColumns false after the first event of a watch: clients keep the columns
     */
    static ObjectNode table(
            ResourceType type,
            List<Column> columns,
            List<ObjectNode> objects,
            Include include,
            boolean withColumns,
            ObjectNode listMetadata) {
        ObjectNode table = Json.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
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
            included(object, include).ifPresent(shown -> row.set("object", shown));
        }
        return table;
    }

    private static Optional<ObjectNode> included(ObjectNode object, Include include) {
        return switch (include) {
            case NONE -> Optional.empty();
            case METADATA -> Optional.of(partial(object));
            case OBJECT -> Optional.of(object);
        };
    }

    /** {@code PartialObjectMetadata} of {@code meta.k8s.io/v1}. */
    static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Json.object();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
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
