package io.hypernetes.api.apply;

import io.hypernetes.api.schema.AlwaysWritten;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

import java.util.Set;

/**
 * Fields that Go's encoding of a built-in kind always writes. They are there before anybody sets
 * them, so nobody adds them: a new Deployment's owner owns {@code f:spec: {f:replicas}} and not
 * {@code f:spec} itself, as the owner of a new custom object does.
 */
final class GoFields {

    /** In all kinds of ours too, whose definitions are no types of Go's. */
    private static final Set<String> EVERYWHERE = Set.of("metadata", "spec", "status");

    private GoFields() {}

    /** What stands in a field that is missing, null where nothing does. */
    static @Nullable JsonNode zero(Schema.Struct struct, String name) {
        Property property = struct.properties().get(name);
        if (property == null || struct.checked() || struct.definition().isEmpty()) {
            return null;
        }
        if (struct.definition().startsWith("io.k8s.")) {
            return AlwaysWritten.of(struct.definition()).get(name);
        }
        boolean there = property.required() || EVERYWHERE.contains(name);
        return !there
                ? null
                : property.schema() instanceof Schema.Struct
                        ? JsonNodeFactory.instance.objectNode()
                        : NullNode.instance;
    }
}
