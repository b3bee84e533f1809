package io.hypernetes.api.types;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** ConfigMaps, and what Secrets have in common with them. */
class ConfigMapStrategy extends KindStrategy {

    /** Bytes of all values; more belong into a volume. */
    private static final int MAX_BYTES = 1 << 20;

    ConfigMapStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    void rules(ObjectNode object, Errors errors) {
        long bytes = 0;
        for (String field : List.of("data", "binaryData")) {
            for (var entry : object.path(field).properties()) {
                String key = entry.getKey();
                errors.form(field + "[" + key + "]", key, Names.configKey(key));
                bytes += entry.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
                if (field.equals("binaryData") && object.path("data").has(key)) {
                    errors.invalidText(
                            "data[" + key + "]", key, "duplicate of key present in data");
                }
            }
        }
        if (bytes > MAX_BYTES) {
            errors.add(FieldError.tooLong("", MAX_BYTES));
        }
    }

    @Override
    void updateRules(ObjectNode object, ObjectNode old, Errors errors) {
        if (!old.path("immutable").asBoolean(false)) {
            return;
        }
        String detail = "field is immutable when `immutable` is set";
        if (!object.path("immutable").asBoolean(false)) {
            errors.forbidden("immutable", detail);
        }
        for (String field : List.of("data", "binaryData")) {
            JsonNode value = object.path(field);
            JsonNode was = old.path(field);
            boolean bothEmpty = Columns.size(value) == 0 && Columns.size(was) == 0;
            if (!bothEmpty && !Json.same(value, was)) {
                errors.forbidden(field, detail);
            }
        }
    }
}
