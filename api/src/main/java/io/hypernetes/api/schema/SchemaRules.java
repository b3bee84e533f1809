package io.hypernetes.api.schema;

import io.hypernetes.api.FieldError;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * The {@code x-kubernetes-validations} of one structural schema, compiled. Written here as an
 * interface so that what knows CEL is plugged in from outside.
 */
@FunctionalInterface
public interface SchemaRules {

    /** A schema without rules. */
    SchemaRules NONE = (object, old) -> List.of();

    /**
     * What the rules find wrong. The object has passed the schema.
     *
     * @param old the object before an update, for transition rules; empty on create
     */
    List<FieldError> check(ObjectNode object, Optional<ObjectNode> old);

    /** Makes rules of schemas. */
    interface Compiler {

        /** Knows no rules: they are neither checked nor compiled. */
        Compiler NONE =
                new Compiler() {
                    @Override
                    public SchemaRules rules(JsonNode schema) {
                        return SchemaRules.NONE;
                    }

                    @Override
                    public List<FieldError> check(JsonNode schema, String path) {
                        return List.of();
                    }
                };

        /**
         * Costs nothing before the first object is checked.
         *
         * @param schema an {@code openAPIV3Schema}, structural and otherwise valid
         */
        SchemaRules rules(JsonNode schema);

        /**
         * Of rules that do not compile or may cost too much; where there are some the
         * CustomResourceDefinition is refused.
         *
         * @param path of the schema, {@code spec.versions[0].schema.openAPIV3Schema}: what errors
         *     begin with
         */
        List<FieldError> check(JsonNode schema, String path);
    }
}
