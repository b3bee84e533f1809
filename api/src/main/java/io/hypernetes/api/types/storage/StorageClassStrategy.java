package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** StorageClasses. */
public final class StorageClassStrategy extends KindStrategy {

    public StorageClassStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode storageClass) {
        Trees.setDefault(storageClass, "reclaimPolicy", "Delete");
        Trees.setDefault(storageClass, "volumeBindingMode", "Immediate");
    }

    @Override
    protected void rules(Field storageClass) {
        Parameters.provisioner(storageClass.at("provisioner"));
        Parameters.check(storageClass.at("parameters"));
        storageClass.at("reclaimPolicy").ifGiven().oneOf("Delete", "Retain");
        storageClass
                .at("volumeBindingMode")
                .required()
                .ifGiven()
                .oneOf("Immediate", "WaitForFirstConsumer");
        storageClass.at("allowedTopologies").items().forEach(StorageClassStrategy::topology);
    }

    private static void topology(Field term) {
        Field expressions = term.at("matchLabelExpressions");
        for (Field expression : expressions.items()) {
            expression.at("values").required();
            expression.at("values").distinctItems();
            Names.qualifiedName(expression.at("key").text())
                    .forEach(wrong ->
                            expression.at("key").invalid(expression.at("key").text(), wrong));
        }
        expressions.distinct("key");
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode storageClass = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
            JsonNode value = storageClass.path(field);
            JsonNode was = old.path(field);
            boolean bothEmpty = !value.isString() && value.isEmpty() && was.isEmpty();
            if (!bothEmpty && !Json.same(value, was)) {
                errors.forbidden(field, "updates to " + field + " are forbidden.");
            }
        }
        ObjectMetaValidation.immutable(
                "volumeBindingMode",
                storageClass.path("volumeBindingMode"),
                old.path("volumeBindingMode"),
                errors);
    }
}
