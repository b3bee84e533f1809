package io.hypernetes.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.UnstoredTypes;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What {@code kubectl explain KIND --recursive} does, over all kinds: it looks for the kind in the
 * document of its group and version and follows every reference, and has a description for each
 * field that it meets.
 */
final class ExplainableTest {

    /** Definitions whose fields have no descriptions with upstream either. */
    private static final Set<String> BARE =
            Set.of("v1.JSONSchemaProps.", "v1.ExternalDocumentation.");

    @Test
    void everyKindCanBeExplainedToItsLeaves() {
        List<ResourceType> types =
                Stream.concat(BuiltinTypes.ALL.stream(), UnstoredTypes.ALL.stream()).toList();
        OpenApiV3Documents documents = new OpenApiV3Documents(Schemas.kubernetes(), types);
        Map<String, JsonNode> read = new HashMap<>();
        Set<String> broken = new TreeSet<>();
        for (ResourceType type : types) {
            String path = OpenApiPaths.groupVersion(type);
            JsonNode schemas =
                    read.computeIfAbsent(path, p -> document(documents, p))
                            .at("/components/schemas");
            JsonNode schema = find(schemas, type);
            assertThat(schema.isObject()).as("%s in %s", type.kind(), path).isTrue();
            new Walk(schemas, broken).schema(type.kind(), schema);
        }
        broken.removeIf(field ->
                field.endsWith("no description") && BARE.stream().anyMatch(field::contains));
        assertThat(broken).isEmpty();
    }

    private static ObjectNode document(OpenApiV3Documents documents, String path) {
        return Json.parseObject(documents.document(path).orElseThrow().json());
    }

    private static JsonNode find(JsonNode schemas, ResourceType type) {
        for (JsonNode schema : schemas) {
            for (JsonNode kind : schema.path("x-kubernetes-group-version-kind")) {
                boolean same =
                        kind.path("group").asString("").equals(type.id().group())
                                && kind.path("version").asString("").equals(type.version())
                                && kind.path("kind").asString("").equals(type.kind());
                if (same) {
                    return schema;
                }
            }
        }
        return schemas.path("none");
    }

    /** Follows a kind's fields; each definition once. */
    private static final class Walk {
        private final JsonNode schemas;
        private final Set<String> broken;
        private final List<String> seen = new ArrayList<>();

        Walk(JsonNode schemas, Set<String> broken) {
            this.schemas = schemas;
            this.broken = broken;
        }

        void schema(String name, JsonNode schema) {
            if (schema.path("description").asString("").isBlank()) {
                broken.add(name + " has no description");
            }
            schema.path("properties")
                    .forEachEntry((field, property) -> property(name + "." + field, property));
        }

        private void property(String name, JsonNode property) {
            JsonNode target = resolve(name, property);
            boolean told =
                    !property.path("description").asString("").isBlank()
                            || !target.path("description").asString("").isBlank();
            if (!told) {
                broken.add(name + " has no description");
            }
            for (String below : List.of("items", "additionalProperties")) {
                if (property.path(below).isObject()) {
                    resolve(name + "[]", property.path(below));
                }
            }
        }

        /** What a reference leads to, or the schema itself. */
        private JsonNode resolve(String name, JsonNode schema) {
            String reference =
                    schema.path("$ref")
                            .asString(schema.path("allOf").path(0).path("$ref").asString(""));
            if (reference.isEmpty()) {
                return schema;
            }
            String definition = reference.substring(reference.lastIndexOf('/') + 1);
            JsonNode target = schemas.path(definition);
            if (!target.isObject()) {
                broken.add(name + " leads to " + definition + ", which is not there");
            } else if (!seen.contains(definition)) {
                seen.add(definition);
                schema(definition, target);
            }
            return target;
        }
    }
}
