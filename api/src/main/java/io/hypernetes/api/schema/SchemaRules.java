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

    /**
     * What a compiler makes of a schema.
     *
     * @param errors of rules that do not compile or may cost too much; where there are some the
     *     CustomResourceDefinition is refused
     */
    record Compiled(SchemaRules rules, List<FieldError> errors) {}

    /** Makes rules of a schema. */
    @FunctionalInterface
    interface Compiler {

        /** Knows no rules: they are neither checked nor compiled. */
        Compiler NONE = (schema, path) -> new Compiled(SchemaRules.NONE, List.of());

        /**
         * @param schema an {@code openAPIV3Schema}, structural and otherwise valid
         * @param path of the schema, {@code spec.versions[0].schema.openAPIV3Schema}: what errors
         *     begin with
         */
        Compiled compile(JsonNode schema, String path);
    }
}
