package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.ObjectMetaValidation;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;

/** {@code x-kubernetes-embedded-resource}: whole objects inside an object. */
final class EmbeddedResources {
    private EmbeddedResources() {}

    static void check(Structural schema, JsonNode value, String path, List<FieldError> errors) {
        switch (value) {
            case ObjectNode object -> {
                if (schema.embedded()) {
                    resource(object, path, errors);
                }
                object.forEachEntry((name, item) -> {
                    Structural property = schema.properties().get(name);
                    Structural additional = schema.additional();
                    if (property != null) {
                        check(property, item, path.isEmpty() ? name : path + "." + name, errors);
                    } else if (additional != null) {
                        check(additional, item, path + "[" + name + "]", errors);
                    }
                });
            }
            case ArrayNode array -> {
                Structural items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    check(items, array.get(i), path + "[" + i + "]", errors);
                }
            }
            default -> {}
        }
    }

    private static void resource(ObjectNode object, String path, List<FieldError> errors) {
        for (String field : List.of("apiVersion", "kind")) {
            String at = path + "." + field;
            JsonNode value = object.get(field);
            if (value == null) {
                errors.add(FieldError.required(at, ""));
            } else if (!value.isString()) {
                errors.add(FieldError.invalid(at, Json.text(value), "must be a string"));
            } else if (value.stringValue().isEmpty()) {
                errors.add(FieldError.invalidText(at, "", "must not be empty"));
            }
        }
        String apiVersion = object.path("apiVersion").asString("");
        if (apiVersion.chars().filter(c -> c == '/').count() > 1) {
            errors.add(
                    FieldError.invalidText(
                            path + ".apiVersion",
                            apiVersion,
                            "unexpected GroupVersion string: " + apiVersion));
        }
        String kind = object.path("kind").asString("");
        List<String> wrong =
                kind.isEmpty() ? List.of() : Names.dns1035Label(kind.toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty()) {
            errors.add(
                    FieldError.invalidText(
                            path + ".kind",
                            kind,
                            "may have mixed case, but should otherwise match: "
                                    + String.join(",", wrong)));
        }
        metadata(object, path, errors);
    }

    private static void metadata(ObjectNode object, String path, List<FieldError> errors) {
        JsonNode metadata = object.get("metadata");
        if (metadata == null) {
            return;
        }
        if (!(metadata instanceof ObjectNode fields)) {
            errors.add(
                    FieldError.invalid(
                            path + ".metadata", Json.text(metadata), "must be an object"));
            return;
        }
        ObjectNode named = Json.object();
        named.set("metadata", fields.deepCopy());
        if (fields.path("name").asString("").isEmpty()) {
            // A template has no name yet.
            named.withObjectProperty("metadata").put("name", "unnamed");
        }
        boolean namespaced = !fields.path("namespace").asString("").isEmpty();
        for (FieldError error :
                ObjectMetaValidation.validateAny(named, namespaced, Names::pathSegment)) {
            errors.add(new FieldError(path + "." + error.field(), error.type(), error.message()));
        }
    }
}
