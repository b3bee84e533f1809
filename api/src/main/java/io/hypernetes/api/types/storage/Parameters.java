package io.hypernetes.api.types.storage;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

import java.util.Locale;
import java.util.Map;

/** Who makes a class' volumes, and what the class hands to it. */
final class Parameters {

    private static final int MAX_COUNT = 512;
    private static final int MAX_BYTES = 256 << 10;

    private Parameters() {}

    /** Who makes the volumes: a qualified name in any case. */
    static void provisioner(Field name) {
        String lower = name.text().toLowerCase(Locale.ROOT);
        if (name.required().isGiven()) {
            name.with(StringNode.valueOf(lower)).form(Names::qualifiedName);
        }
    }

    static void check(Field parameters) {
        if (parameters.object().size() > MAX_COUNT) {
            parameters.tooLong(MAX_COUNT);
            return;
        }
        int bytes = 0;
        for (Map.Entry<String, JsonNode> entry : parameters.object().properties()) {
            if (entry.getKey().isEmpty()) {
                parameters.invalid("", "field can not be empty.");
            }
            bytes += entry.getKey().length() + entry.getValue().asString("").length();
        }
        if (bytes > MAX_BYTES) {
            parameters.tooLong(MAX_BYTES);
        }
    }
}
