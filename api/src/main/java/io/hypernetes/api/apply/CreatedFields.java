package io.hypernetes.api.apply;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the creator of an object owns: all that is in it. It is found out once for each shape, for
 * what a program makes is nearly all of one: the pods of one template, say.
 *
 * <p>Thread-safe; the shapes are those of the whole process.
 */
final class CreatedFields {

    /** With {@link Shape#LONGEST} they take a few megabytes at most. */
    private static final int MOST = 256;

    private static final ConcurrentHashMap<Known, FieldSet> KNOWN = new ConcurrentHashMap<>();

    /** Schemas and filters are told apart by identity: to compare them would cost more. */
    private record Known(Schema.Struct schema, FieldFilter filter, String shape) {
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Known other
                    && other.schema == schema
                    && other.filter == filter
                    && other.shape.equals(shape);
        }

        @Override
        public int hashCode() {
            return shape.hashCode();
        }
    }

    private CreatedFields() {}

    static FieldSet of(Schema.Struct schema, FieldFilter filter, ObjectNode object) {
        Optional<String> shape = Shape.of(schema, object);
        if (shape.isEmpty()) {
            return find(schema, filter, object);
        }
        Known known = new Known(schema, filter, shape.get());
        FieldSet fields = KNOWN.get(known);
        if (fields == null) {
            fields = find(schema, filter, object).writtenOnce();
            // Whoever makes ever new shapes only has them found out each time, as before.
            if (KNOWN.size() >= MOST) {
                KNOWN.clear();
            }
            KNOWN.put(known, fields);
        }
        return fields;
    }

    static FieldSet find(Schema.Struct schema, FieldFilter filter, ObjectNode object) {
        Comparison comparison = Comparison.of(schema, Json.object(), object).filtered(filter);
        return FieldManager.managed(comparison.changed());
    }
}
