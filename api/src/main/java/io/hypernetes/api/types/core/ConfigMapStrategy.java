package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** ConfigMaps, and what Secrets have in common with them. */
public class ConfigMapStrategy extends KindStrategy {

    /** Bytes of all values; more belong into a volume. */
    static final int MAX_BYTES = 1 << 20;

    public ConfigMapStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field object) {
        ObjectNode map = object.object();
        Errors errors = object.errors();
        long bytes = 0;
        for (var entry : map.path("data").properties()) {
            String key = entry.getKey();
            String field = "data[" + key + "]";
            errors.form(field, key, Names.configKey(key));
            if (map.path("binaryData").has(key)) {
                errors.invalidText(field, key, "duplicate of key present in binaryData");
            }
            bytes += entry.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
        }
        bytes += binaryRules("binaryData", map, errors);
        if (bytes > MAX_BYTES) {
            errors.add(FieldError.tooLong("", MAX_BYTES));
        }
    }

    /** Checks the keys of a map of Base64 texts; returns the bytes that the texts stand for. */
    static long binaryRules(String field, ObjectNode object, Errors errors) {
        long bytes = 0;
        for (var entry : object.path(field).properties()) {
            String key = entry.getKey();
            errors.form(field + "[" + key + "]", key, Names.configKey(key));
            String text = entry.getValue().asString("");
            int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
            bytes += text.length() / 4 * 3L - padding;
        }
        return bytes;
    }

    @Override
    protected void updateRules(Field map, Field before) {
        ObjectNode object = map.object();
        ObjectNode old = before.object();
        Errors errors = map.errors();
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
