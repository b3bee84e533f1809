package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the fields of Kubernetes' kinds and ours are for, as OpenAPI tells it. To be asked and
 * dropped: it holds a megabyte that nothing else needs.
 */
public final class FieldDescriptions {
    private static final String REFERENCE = "#/definitions/";

    private final Map<String, String> texts = SchemaData.descriptions();
    private final Schemas schemas = Schemas.kubernetes();

    /**
     * @param definition for instance {@code io.k8s.api.core.v1.Pod}
     * @param path from there, like spec, nodeName; lists are passed through
     * @return empty when there is no such field, or nothing is said of it
     */
    public Optional<String> of(String definition, List<String> path) {
        String name = path.getFirst();
        JsonNode field = schemas.openApi(definition).path("properties").path(name);
        String own = within(field, path.subList(1, path.size()));
        if (!own.isEmpty()) {
            return Optional.of(own);
        }
        return path.size() == 1
                ? Optional.of(extracted(definition, name)).filter(text -> !text.isEmpty())
                : reference(field).flatMap(next -> of(next, path.subList(1, path.size())));
    }

    /** Our own definitions hold their descriptions, and what is in them, themselves. */
    private static String within(JsonNode field, List<String> path) {
        JsonNode end = field;
        for (String name : path) {
            end = end.path("properties").path(name);
        }
        return end.path("description").asString("");
    }

    private String extracted(String definition, String field) {
        String said = texts.get(definition);
        return said == null ? "" : JsonMapper.shared().readTree(said).path(field).asString("");
    }

    private static Optional<String> reference(JsonNode field) {
        JsonNode item = field.has("items") ? field.path("items") : field;
        return Optional.of(item.path("$ref").asString(""))
                .filter(reference -> reference.startsWith(REFERENCE))
                .map(reference -> reference.substring(REFERENCE.length()));
    }
}
