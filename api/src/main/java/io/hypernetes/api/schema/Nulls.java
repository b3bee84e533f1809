package io.hypernetes.api.schema;

import tools.jackson.databind.node.ObjectNode;

/** Treats nulls as Go's decoding does. */
public final class Nulls {

    private Nulls() {}

    /** Removes null fields, in place: a field that is null is a field that is absent. */
    public static void drop(Schema schema, ObjectNode object) {}
}
