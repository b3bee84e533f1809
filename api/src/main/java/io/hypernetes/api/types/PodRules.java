package io.hypernetes.api.types;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;

/** Rules that pods share with other kinds. */
final class PodRules {

    private PodRules() {}

    static void port(String field, long port, Errors errors) {
        if (port < 1 || port > 65535) {
            errors.invalid(field, port, "must be between 1 and 65535, inclusive");
        }
    }

    static Map<String, String> texts(JsonNode map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asString("")));
        return texts;
    }
}
