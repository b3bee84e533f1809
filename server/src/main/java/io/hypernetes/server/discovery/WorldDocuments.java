package io.hypernetes.server.discovery;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.schema.OpenApiV2Document;
import io.hypernetes.api.schema.OpenApiV3Documents;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.UnstoredTypes;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The documents that describe one kind of world: the operator's, or a tenant's. Made at first use;
 * the OpenAPI documents are large and most starts never need them.
 */
final class WorldDocuments {
    private final Catalog catalog;
    private final Supplier<OpenApiV2Document> openApiV2;
    private final Supplier<OpenApiV3Documents> openApiV3;

    WorldDocuments(Schemas schemas, List<ResourceType> types) {
        this(schemas, types, null);
    }

    /**
     * @param shared the documents of a world that has most of the types too
     */
    WorldDocuments(Schemas schemas, List<ResourceType> types, @Nullable WorldDocuments shared) {
        List<ResourceType> all = new ArrayList<>(types);
        all.addAll(UnstoredTypes.ALL);
        catalog =
                new Catalog(
                        Stream.of(
                                        all.stream().map(Discovered::of),
                                        Stream.of(Discovered.AUDIT_EVENTS),
                                        Discovered.METRICS.stream())
                                .flatMap(some -> some)
                                .toList());
        openApiV2 = new Once<>(() -> new OpenApiV2Document(schemas, all));
        openApiV3 =
                new Once<>(() ->
                        new OpenApiV3Documents(
                                schemas, all, shared == null ? null : shared.openApiV3()));
    }

    Catalog catalog() {
        return catalog;
    }

    OpenApiV2Document openApiV2() {
        return openApiV2.get();
    }

    OpenApiV3Documents openApiV3() {
        return openApiV3.get();
    }

    /** A strong ETag: the hash of what is sent. */
    static String etag(byte[] document) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(document);
            return '"'
                    + HexFormat.of().formatHex(hash, 0, 16).toUpperCase(java.util.Locale.ROOT)
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
