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
import java.util.Locale;

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
    protected void rules(Field object) {
        ObjectNode storageClass = object.object();
        Errors errors = object.errors();
        String provisioner = Trees.text(storageClass, "provisioner");
        if (provisioner.isEmpty()) {
            errors.required("provisioner", "");
        } else {
            errors.form(
                    "provisioner",
                    provisioner,
                    Names.qualifiedName(provisioner.toLowerCase(Locale.ROOT)));
        }
        errors.oneOf(
                "reclaimPolicy",
                Trees.text(storageClass, "reclaimPolicy"),
                List.of("Delete", "Retain"));
        errors.oneOf(
                "volumeBindingMode",
                Trees.text(storageClass, "volumeBindingMode"),
                List.of("Immediate", "WaitForFirstConsumer"));
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
