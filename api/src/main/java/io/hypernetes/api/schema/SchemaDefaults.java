package io.hypernetes.api.schema;

import tools.jackson.databind.node.ObjectNode;

/** Fills in the defaults that a schema's markers declare. */
public final class SchemaDefaults {

    private SchemaDefaults() {}

    /** Sets every absent field that has a default, in place. Idempotent. */
    public static void apply(Schema schema, ObjectNode object) {}
}
