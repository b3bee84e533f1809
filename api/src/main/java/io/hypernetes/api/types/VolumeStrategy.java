package io.hypernetes.api.types;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** PersistentVolumes. */
final class VolumeStrategy extends KindStrategy {

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

    VolumeStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
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
    void rules(ObjectNode volume, Errors errors) {
        VolumeClaimStrategy.accessModes(volume, errors);
        String capacity = Trees.text(volume, "spec", "capacity", "storage");
        if (capacity.isEmpty()) {
            errors.required("spec.capacity", "");
        } else {
            Resources.positive("spec.capacity[storage]", capacity, errors);
        }
        errors.oneOf(
                "spec.persistentVolumeReclaimPolicy",
                Trees.text(volume, "spec", "persistentVolumeReclaimPolicy"),
                List.of("Delete", "Recycle", "Retain"));
        if (source(volume).isEmpty()) {
            errors.required("spec", "must specify a volume type");
        }
    }

    @Override
    void updateRules(ObjectNode volume, ObjectNode old, Errors errors) {
        if (!Json.same(source(volume), source(old))) {
            errors.forbidden(
                    "spec.persistentvolumesource",
                    "spec.persistentvolumesource is immutable after creation");
        }
        ObjectMetaValidation.immutable(
                "spec.volumeMode",
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
