package io.hypernetes.api.schema;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * A definition of Kubernetes' or of our own, parsed at first use.
 *
 * @param definition its name in the schema data
 */
public record BuiltinSchema(String definition) implements ObjectSchema {

    @Override
    public Schema.Struct struct() {
        return Schemas.kubernetes().struct(definition);
    }

    @Override
    public List<String> decode(
            GroupVersionKind kind, ObjectNode object, FieldValidation validation) {
        return ObjectDecoder.decode(struct(), kind, object, validation);
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        SchemaDefaults.apply(struct(), object);
    }

    @Override
    public void addZeros(ObjectNode object) {
        GoZeros.addZeros(struct(), object);
    }

    @Override
    public void addNulls(ObjectNode object) {
        GoZeros.addNulls(struct(), object);
    }

    @Override
    public void dropNulls(ObjectNode object) {
        GoZeros.drop(struct(), object);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return SchemaValidator.validate(struct(), object);
    }

    @Override
    public String toString() {
        return definition;
    }
}
