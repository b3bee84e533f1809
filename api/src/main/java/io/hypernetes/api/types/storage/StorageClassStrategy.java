package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        List<Field> terms = storageClass.at("allowedTopologies").items();
        List<Map<String, Set<String>>> known = new ArrayList<>();
        for (Field term : terms) {
            topology(term);
            Map<String, Set<String>> values = new HashMap<>();
            term.at("matchLabelExpressions")
                    .items()
                    .forEach(e ->
                            values.put(e.at("key").text(), Set.copyOf(e.at("values").texts())));
            // Upstream begins with as many empty terms as there are.
            if (values.isEmpty() || known.contains(values)) {
                term.at("matchLabelExpressions").duplicate("");
            }
            known.add(values);
        }
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
        for (String field :
                List.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")) {
            ObjectMetaValidation.immutable(
                    field, storageClass.path(field), old.path(field), errors);
        }
    }
}
