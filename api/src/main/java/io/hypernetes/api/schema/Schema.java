package io.hypernetes.api.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shape of a value. Shapes refer to each other through {@link Property}, which resolves lazily,
 * because some kinds contain themselves (JSONSchemaProps).
 */
public sealed interface Schema {

    /**
     * An object with named fields: a Go struct.
     *
     * @param definition the definition's name ({@code io.k8s.api.core.v1.Pod}), empty for an inline
     *     object
     * @param properties by JSON name, in declaration order
     * @param preservesUnknown fields that are not declared are kept and are no error
     * @param checked missing and ill-typed fields are errors of the object (422), as for custom
     *     resources; where false, a wrong type is an error of decoding (400) and what is required
     *     is the business of the kind's own rules, as for Kubernetes' built-in kinds
     * @param atomic server-side apply owns the object as a whole
     */
    record Struct(
            String definition,
            Map<String, Property> properties,
            boolean preservesUnknown,
            boolean checked,
            boolean atomic)
            implements Schema {

        public Optional<Property> property(String name) {
            return Optional.ofNullable(properties.get(name));
        }
    }

    /**
     * An object with arbitrary keys and values of one shape.
     *
     * @param atomic server-side apply owns the map as a whole
     */
    record MapOf(Property values, boolean atomic) implements Schema {}

    /**
     * A list.
     *
     * @param type how server-side apply merges it
     * @param mapKeys the fields that identify an item of a {@link ListType#MAP}
     */
    record ListOf(Property items, ListType type, List<String> mapKeys) implements Schema {}

    /**
     * A single value.
     *
     * @param oneOf the allowed texts, empty when any is allowed
     */
    record Scalar(ScalarType type, List<String> oneOf) implements Schema {}

    /**
     * Any JSON value, kept as it is: raw extensions, managed fields, schemas within schemas.
     *
     * @param atomic server-side apply owns the value as a whole, even if it is an object
     */
    record Any(boolean atomic) implements Schema {
        public Any() {
            this(false);
        }
    }
}
