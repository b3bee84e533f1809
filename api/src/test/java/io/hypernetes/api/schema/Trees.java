package io.hypernetes.api.schema;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Trees in tests: JSON with single quotes. */
final class Trees {

    private Trees() {}

    static ObjectNode tree(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    static Schema.Struct schema(String definition) {
        return Schemas.kubernetes().struct(definition);
    }

    static Schema.Struct pod() {
        return schema("io.k8s.api.core.v1.Pod");
    }
}
