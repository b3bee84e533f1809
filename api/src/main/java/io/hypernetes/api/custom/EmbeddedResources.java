package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.ObjectMetaValidation;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code x-kubernetes-embedded-resource}: whole objects inside an object. */
final class EmbeddedResources {
    private EmbeddedResources() {}

    /** Whether a schema has any; most have none, and need not be walked. */
    static boolean in(Structural schema) {
        Structural items = schema.items();
        Structural additional = schema.additional();
        return schema.embedded()
                || (items != null && in(items))
                || (additional != null && in(additional))
                || schema.properties().values().stream().anyMatch(EmbeddedResources::in);
    }

    static void check(Structural schema, JsonNode value, String path, List<FieldError> errors) {
        if (schema.embedded() && value instanceof ObjectNode resource) {
            resource(resource, path, errors);
        }
        parts(schema, value, path)
                .forEach(part -> check(part.schema(), part.value(), part.path(), errors));
    }

    /** What is specified inside a value. */
    private record Part(Structural schema, JsonNode value, String path) {}

    private static List<Part> parts(Structural schema, JsonNode value, String path) {
        List<Part> parts = new ArrayList<>();
        switch (value) {
            case ObjectNode object ->
                    object.forEachEntry((name, item) -> {
                        Structural property = schema.properties().get(name);
                        Structural additional = schema.additional();
                        if (property != null) {
                            String at = path.isEmpty() ? name : path + "." + name;
                            parts.add(new Part(property, item, at));
                        } else if (additional != null) {
                            parts.add(new Part(additional, item, path + "[" + name + "]"));
                        }
                    });
            case ArrayNode array -> {
                Structural items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    parts.add(new Part(items, array.get(i), path + "[" + i + "]"));
                }
            }
            default -> {}
        }
        return parts;
    }

    /**
     * Cleans the metadata of embedded resources in place.
     *
     * @param unknown gets a sentence for each field of them that is unknown, and dropped
     * @return the first that cannot be read
     */
    static Optional<FieldError> decode(Structural schema, JsonNode value, List<String> unknown) {
        List<String> found = new ArrayList<>();
        Optional<FieldError> wrong = decode(schema, value, "", found);
        found.stream().sorted().forEach(unknown::add);
        return wrong;
    }

    private static Optional<FieldError> decode(
            Structural schema, JsonNode value, String path, List<String> unknown) {
        if (schema.embedded() && value instanceof ObjectNode resource) {
            Optional<FieldError> wrong = decodeEnvelope(resource, path, unknown);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        for (Part part : parts(schema, value, path)) {
            Optional<FieldError> wrong = decode(part.schema(), part.value(), part.path(), unknown);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<FieldError> decodeEnvelope(
            ObjectNode resource, String path, List<String> unknown) {
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode text = resource.get(field);
            if (text != null && !text.isString()) {
                return Optional.of(
                        FieldError.invalid(
                                path + "." + field, Json.text(text), "must be a string"));
            }
        }
        String at = path + ".metadata";
        return EmbeddedMetadata.decode(resource, at, unknown)
                .map(wrong -> FieldError.invalid(at, Json.text(resource.get("metadata")), wrong));
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
