package io.hypernetes.api.schema;

import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Finds the fields that a schema does not declare. */
public final class UnknownFields {

    private UnknownFields() {}

    /** For each unknown field {@code unknown field "spec.foo"}, in document order. */
    public static List<String> find(Schema schema, ObjectNode object) {
        return find(schema, object, "");
    }

    /**
     * The same in a part of an object.
     *
     * @param at the part's path
     */
    static List<String> find(Schema schema, ObjectNode object, String at) {
        if (!FieldWalk.findsUnknown(schema, object)) {
            return List.of();
        }
        List<String> unknown = new ArrayList<>();
        new FieldWalk((_, _, path) -> unknown.add("unknown field \"" + path + "\""))
                .walk(schema, object, at);
        return List.copyOf(unknown);
    }

    /** The message of the 400 that strict field validation answers. */
    public static String strictError(GroupVersionKind kind, List<String> unknown) {
        return kind.kind()
                + " in version \""
                + kind.version()
                + "\" cannot be handled as a "
                + kind.kind()
                + ": strict decoding error: "
                + String.join(", ", unknown);
    }
}
