package io.hypernetes.cli;

import io.hypernetes.api.json.Yaml;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/** An object as people read it. */
final class Shown {

    private Shown() {}

    /** Without the book-keeping of who wrote which field. */
    static String yaml(ObjectNode object) {
        ObjectNode shown = object.deepCopy();
        shown.withObject("metadata").remove("managedFields");
        return new String(Yaml.write(shown), StandardCharsets.UTF_8);
    }
}
