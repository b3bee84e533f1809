package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code /openapi/v3} and the paths below it answer: a document for each group and version.
 * kubectl from 1.27 on validates, patches and explains by them.
 */
public final class OpenApiV3Documents {

    private final Schemas schemas;
    private final List<ResourceType> types;

    /** Documents that may be taken over as they are; null when there are none. */
    private final @Nullable OpenApiV3Documents shared;

    /** Filled by the first call, all at once because the index has every hash; guarded by this. */
    private @Nullable Map<String, OpenApiV3Document> documents;

    public OpenApiV3Documents(Schemas schemas, Collection<ResourceType> types) {
        this(schemas, types, null);
    }

    /**
     * @param shared has most of the types too: its document is taken for each group and version in
     *     which they are the same, so that a tenant's own types cost only their own documents
     */
    public OpenApiV3Documents(
            Schemas schemas, Collection<ResourceType> types, @Nullable OpenApiV3Documents shared) {
        this.schemas = schemas;
        this.types = List.copyOf(types);
        this.shared = shared;
    }

    /**
     * The body of {@code /openapi/v3}: for each document its path with the hash of its content, by
     * which clients cache it.
     */
    public byte[] index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        documents()
                .forEach((path, document) ->
                        paths.putObject(path)
                                .put(
                                        "serverRelativeURL",
                                        "/openapi/v3/" + path + "?hash=" + document.hash()));
        return JsonMapper.shared().writeValueAsBytes(index);
    }

    /**
     * @param path below {@code /openapi/v3/}: {@code api/v1}, {@code apis/apps/v1}
     */
    public Optional<OpenApiV3Document> document(String path) {
        return Optional.ofNullable(documents().get(path));
    }

    private synchronized Map<String, OpenApiV3Document> documents() {
        Map<String, OpenApiV3Document> known = documents;
        if (known == null) {
            known = build();
            documents = known;
        }
        return known;
    }

    private Map<String, OpenApiV3Document> build() {
        Map<String, List<ResourceType>> groups = groups();
        Map<String, List<ResourceType>> known = shared == null ? Map.of() : shared.groups();
        Map<String, OpenApiV3Document> ready = shared == null ? Map.of() : shared.documents();
        OpenApiV2Builder builder = new OpenApiV2Builder(schemas);
        Map<String, OpenApiV3Document> built = new TreeMap<>();
        groups.forEach((path, members) -> {
            OpenApiV3Document same = members.equals(known.get(path)) ? ready.get(path) : null;
            built.put(
                    path,
                    same != null
                            ? same
                            : new OpenApiV3Document(
                                    OpenApiV3Conversion.convert(builder.build(members))));
        });
        return built;
    }

    private Map<String, List<ResourceType>> groups() {
        Map<String, List<ResourceType>> groups = new TreeMap<>();
        for (ResourceType type : types) {
            groups.computeIfAbsent(OpenApiPaths.groupVersion(type), _ -> new ArrayList<>())
                    .add(type);
        }
        return groups;
    }
}
