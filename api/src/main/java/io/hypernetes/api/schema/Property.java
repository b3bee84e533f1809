package io.hypernetes.api.schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A named field of a struct, or the items of a list or map: a shape and what is said about it here.
 */
public final class Property {

    private final String name;
    private final boolean required;
    private final PatchStrategy patchStrategy;
    private final @Nullable JsonNode defaultValue;
    private final Supplier<Schema> resolver;

    /** Resolved once by whoever comes first; a race resolves twice to equal values. */
    private volatile @Nullable Schema schema;

    /**
     * @param name empty for the items of a list or map
     * @param resolver called when the shape is first asked for
     */
    public Property(
            String name,
            boolean required,
            PatchStrategy patchStrategy,
            @Nullable JsonNode defaultValue,
            Supplier<Schema> resolver) {
        this.name = name;
        this.required = required;
        this.patchStrategy = patchStrategy;
        this.defaultValue = defaultValue;
        this.resolver = resolver;
    }

    /** The JSON name; empty for the items of a list or map. */
    public String name() {
        return name;
    }

    public boolean required() {
        return required;
    }

    public PatchStrategy patchStrategy() {
        return patchStrategy;
    }

    public boolean hasDefault() {
        return defaultValue != null;
    }

    /** A copy of the default from the marker, if it has one. */
    public Optional<JsonNode> defaultValue() {
        return Optional.ofNullable(defaultValue).map(JsonNode::deepCopy);
    }

    public Schema schema() {
        Schema known = schema;
        if (known == null) {
            known = resolver.get();
            schema = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return "Property[" + name + "]";
    }
}
