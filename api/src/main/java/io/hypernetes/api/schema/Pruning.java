package io.hypernetes.api.schema;

import tools.jackson.databind.node.ObjectNode;

/** Drops what a schema does not declare. */
public final class Pruning {

    private Pruning() {}

    /** Removes every unknown field, in place. */
    public static void prune(Schema schema, ObjectNode object) {
        if (!FieldWalk.findsUnknown(schema, object)) {
            return;
        }
        new FieldWalk((parent, name, _) -> parent.remove(name)).walk(schema, object, "");
    }
}
