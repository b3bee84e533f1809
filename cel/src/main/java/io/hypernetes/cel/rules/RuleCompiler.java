package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.schema.SchemaRules;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/** The rules of CustomResourceDefinitions: checked when they are written, compiled when used. */
public final class RuleCompiler implements SchemaRules.Compiler {
    @Override
    public SchemaRules rules(JsonNode schema) {
        Optional<RuleValidator> validator = RuleValidator.of(schema);
        return validator.isEmpty()
                ? SchemaRules.NONE
                : (object, old) -> validator.get().validate(object, old, warning -> {});
    }

    @Override
    public List<FieldError> check(JsonNode schema, String path) {
        return schema.isObject() && RuleNode.hasRules(schema)
                ? RuleCheck.check(schema, path)
                : List.of();
    }
}
