package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** PersistentVolumes. */
public final class VolumeStrategy extends KindStrategy {

    /** The fields of the spec that do not say where the data is. */
    private static final List<String> COMMON_FIELDS =
            List.of(
                    "accessModes",
                    "capacity",
                    "claimRef",
                    "mountOptions",
                    "nodeAffinity",
                    "persistentVolumeReclaimPolicy",
                    "storageClassName",
                    "volumeAttributesClassName",
                    "volumeMode");

    public VolumeStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    @Override
    public void applyDefaults(ObjectNode volume) {
        ObjectNode spec = Trees.child(volume, "spec");
        Trees.setDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
        Trees.setDefault(spec, "volumeMode", "Filesystem");
        Resources.canonicalizeList(spec.path("capacity"));
    }

    @Override
    public void prepareForCreate(ObjectNode volume) {
        volume.putObject("status").put("phase", "Pending");
    }

    @Override
    protected void rules(Field object) {
        ObjectNode volume = object.object();
        Errors errors = object.errors();
        VolumeClaimRules.accessModes(object.at("spec", "accessModes"), "");
        capacity(Trees.at(volume, "spec", "capacity"), errors);
        errors.oneOf(
                "spec.persistentVolumeReclaimPolicy",
                Trees.text(volume, "spec", "persistentVolumeReclaimPolicy"),
                List.of("Delete", "Recycle", "Retain"));
        List<String> sources = List.copyOf(source(volume).propertyNames());
        if (sources.isEmpty()) {
            errors.required("spec", "must specify a volume type");
        }
        sources.stream()
                .skip(1)
                .forEach(source ->
                        errors.forbidden(
                                "spec." + source, "may not specify more than 1 volume type"));
        String storageClass = Trees.text(volume, "spec", "storageClassName");
        if (!storageClass.isEmpty()) {
            errors.form("spec.storageClassName", storageClass, Names.dnsSubdomain(storageClass));
        }
        errors.oneOf(
                "spec.volumeMode",
                Trees.text(volume, "spec", "volumeMode"),
                List.of("Block", "Filesystem"));
    }

    private static void capacity(JsonNode capacity, Errors errors) {
        if (Columns.size(capacity) == 0) {
            errors.required("spec.capacity", "");
        } else if (!capacity.has("storage") || capacity.size() > 1) {
            errors.add(
                    new FieldError(
                            "spec.capacity",
                            FieldError.Type.NOT_SUPPORTED,
                            "Unsupported value: "
                                    + Json.text(capacity)
                                    + ": supported values: \"storage\""));
        }
        for (var amount : capacity.properties()) {
            Resources.positive(
                    "spec.capacity[" + amount.getKey() + "]",
                    amount.getValue().asString(""),
                    errors);
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode volume = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        if (!Json.same(source(volume), source(old))) {
            errors.forbidden(
                    "spec.persistentvolumesource",
                    "spec.persistentvolumesource is immutable after creation");
        }
        ObjectMetaValidation.immutable(
                "volumeMode",
                volume.path("spec").path("volumeMode"),
                old.path("spec").path("volumeMode"),
                errors);
    }

    private static ObjectNode source(ObjectNode volume) {
        ObjectNode source = Trees.child(volume.deepCopy(), "spec");
        source.remove(COMMON_FIELDS);
        return source;
    }
}
