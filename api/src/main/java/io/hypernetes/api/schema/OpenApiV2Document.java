package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.List;

/**
 * What {@code /openapi/v2} answers. kubectl up to 1.26 validates by it and asks for protobuf only;
 * later ones fall back to it.
 */
public final class OpenApiV2Document {

    /** What kubectl's Accept header asks {@link #protobuf} by. */
    public static final String PROTOBUF =
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /** The content type of {@link #protobuf}: what is asked for is no valid media type itself. */
    public static final String PROTOBUF_CONTENT_TYPE =
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private final Schemas schemas;
    private final List<ResourceType> types;

    /** Filled by the first call; guarded by this. */
    private byte @Nullable [] json;

    /** Filled by the first call; guarded by this. */
    private byte @Nullable [] protobuf;

    public OpenApiV2Document(Schemas schemas, Collection<ResourceType> types) {
        this.schemas = schemas;
        this.types = List.copyOf(types);
    }

    /** Swagger 2.0; not to be changed. */
    public synchronized byte[] json() {
        byte[] known = json;
        if (known == null) {
            ObjectNode document = build();
            SharedParameters.share(document);
            known = JsonMapper.shared().writeValueAsBytes(document);
            json = known;
        }
        return known;
    }

    /** The same as a gnostic message; not to be changed. */
    public synchronized byte[] protobuf() {
        byte[] known = protobuf;
        if (known == null) {
            known = OpenApiV2Protobuf.encode(build());
            protobuf = known;
        }
        return known;
    }

    private ObjectNode build() {
        ObjectNode document = new OpenApiV2Builder(schemas).whole(types);
        for (ResourceType type : types) {
            if (type.schema().isCustom()
                    && document.path("definitions").get(type.schema().definition())
                            instanceof ObjectNode custom) {
                CustomOpenApi.simplify(custom);
            }
        }
        // Upstream tells defaults in version 3 only.
        for (JsonNode definition : document.path("definitions")) {
            for (JsonNode field : definition.path("properties")) {
                if (field instanceof ObjectNode object) {
                    object.remove("default");
                }
            }
        }
        return document;
    }
}
