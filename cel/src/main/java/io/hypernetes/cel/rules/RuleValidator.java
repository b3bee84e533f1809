package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The {@code x-kubernetes-validations} of a structural schema. Made when a type is made; the rules
 * are compiled when the first object is checked, so that a schema costs nothing before.
 */
public final class RuleValidator {
    private final JsonNode schema;

    /** Compiled by whoever comes first; a race compiles twice to equal rules. */
    private volatile @Nullable RuleNode compiled;

    private RuleValidator(JsonNode schema) {
        this.schema = schema;
    }

    /**
     * @param schema a {@code JSONSchemaProps} of a whole resource, checked by {@link RuleCheck}
     *     when it was written; it must not change any more
     * @return empty when no rule is in it
     */
    public static Optional<RuleValidator> of(JsonNode schema) {
        return RuleNode.hasRules(schema)
                ? Optional.of(new RuleValidator(schema))
                : Optional.empty();
    }

    /**
     * @param object valid by its schema otherwise, with its defaults
     * @param old the stored object, empty for a create
     * @param warnings gets what an unchanged part of the object violates: it is no error (KEP-4008)
     */
    public List<FieldError> validate(
            ObjectNode object, Optional<ObjectNode> old, Consumer<String> warnings) {
        RuleNode root = compiled;
        if (root == null) {
            root = RuleNode.compile(schema).orElse(null);
            if (root == null) {
                return List.of();
            }
            compiled = root;
        }
        return new RuleRun(warnings).run(root, object, old);
    }
}
