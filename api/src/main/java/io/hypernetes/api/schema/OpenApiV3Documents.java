package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What {@code /openapi/v3} and the paths below it answer. */
public final class OpenApiV3Documents {

    private final List<ResourceType> types;

    public OpenApiV3Documents(Schemas schemas, Collection<ResourceType> types) {
        this.types = List.copyOf(types);
    }

    /** The body of {@code /openapi/v3}: for each document its path with the hash of its content. */
    public byte[] index() {
        return new byte[0];
    }

    /**
     * @param path below {@code /openapi/v3/}: {@code api/v1}, {@code apis/apps/v1}
     */
    public Optional<byte[]> document(String path) {
        return Optional.empty();
    }
}
