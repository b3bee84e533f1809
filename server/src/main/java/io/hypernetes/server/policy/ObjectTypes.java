package io.hypernetes.server.policy;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.DeclaredType.Kind;
import io.hypernetes.cel.type.FieldNames;
import io.hypernetes.cel.type.SchemaTypes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** What expressions may assume of the objects of a kind, from its schema. One call's own. */
final class ObjectTypes {
    private static final long MOST = DeclaredType.MAX_REQUEST;

    /** The definitions that are being read: one within itself stays dynamic. */
    private final Deque<String> open = new ArrayDeque<>();

    private ObjectTypes() {}

    static DeclaredType of(ResourceType type) {
        return type.schema()
                .source()
                .map(schema -> SchemaTypes.of(schema, true).orElse(DeclaredType.DYN))
                .orElseGet(() -> new ObjectTypes().struct(type.schema().struct()))
                .named(type.kind());
    }

    private DeclaredType struct(Schema.Struct struct) {
        String name = struct.definition();
        if (!name.isEmpty() && open.contains(name)) {
            return DeclaredType.DYN;
        }
        open.push(name);
        Map<String, DeclaredType.Field> fields = new LinkedHashMap<>();
        struct.properties()
                .forEach((field, property) ->
                        FieldNames.escape(field)
                                .ifPresent(escaped ->
                                        fields.put(
                                                escaped,
                                                new DeclaredType.Field(
                                                        field,
                                                        type(property),
                                                        property.required()))));
        open.pop();
        return fields.isEmpty() ? DeclaredType.DYN : DeclaredType.object("object", fields, 2);
    }

    private DeclaredType type(Property property) {
        return switch (property.schema()) {
            case Schema.Struct struct -> struct(struct);
            case Schema.MapOf map -> DeclaredType.map(type(map.values()), MOST);
            case Schema.ListOf list -> DeclaredType.list(type(list.items()), MOST);
            case Schema.Any _ -> DeclaredType.DYN;
            case Schema.Scalar scalar ->
                    switch (scalar.type()) {
                        case STRING, QUANTITY -> DeclaredType.STRING;
                        case BYTES -> DeclaredType.scalar(Kind.BYTES, MOST - 2, 2);
                        case BOOLEAN -> DeclaredType.BOOL;
                        case INT32, INT64 -> DeclaredType.INT;
                        case DOUBLE -> DeclaredType.DOUBLE;
                        case TIME, MICRO_TIME -> DeclaredType.scalar(Kind.TIMESTAMP, 32, 21);
                        case INT_OR_STRING -> DeclaredType.DYN;
                    };
        };
    }
}
