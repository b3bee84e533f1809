package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** PersistentVolumeClaims. */
public final class VolumeClaimStrategy extends KindStrategy {

    static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");

    static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");

    public VolumeClaimStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode claim) {
        ObjectNode spec = Trees.child(claim, "spec");
        Trees.setDefault(spec, "volumeMode", "Filesystem");
        Resources.canonicalize(spec.path("resources"));
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
        claim.putObject("status").put("phase", "Pending");
    }

    @Override
    protected void rules(Field object) {
        ObjectNode claim = object.object();
        Errors errors = object.errors();
        accessModes(claim, "at least 1 access mode is required", errors);
        String requested = Trees.text(claim, "spec", "resources", "requests", "storage");
        String field = "spec.resources[storage]";
        if (requested.isEmpty()) {
            errors.required(field, "");
        } else {
            Resources.positive(field, requested, errors);
        }
        String storageClass = Trees.text(claim, "spec", "storageClassName");
        if (!storageClass.isEmpty()) {
            errors.form("spec.storageClassName", storageClass, Names.dnsSubdomain(storageClass));
        }
        errors.oneOf("spec.volumeMode", Trees.text(claim, "spec", "volumeMode"), VOLUME_MODES);
    }

    /** Those of claims and volumes alike. */
    static void accessModes(ObjectNode object, String whenNone, Errors errors) {
        List<String> modes = Trees.texts(Trees.at(object, "spec", "accessModes"));
        if (modes.isEmpty()) {
            errors.required("spec.accessModes", whenNone);
        }
        modes.forEach(mode -> errors.oneOf("spec.accessModes", mode, ACCESS_MODES));
        if (modes.size() > 1 && modes.contains("ReadWriteOncePod")) {
            errors.forbidden(
                    "spec.accessModes", "may not use ReadWriteOncePod with other access modes");
        }
    }

    @Override
    protected void updateRules(Field object, Field stored) {
        ObjectNode claim = object.object();
        ObjectNode old = stored.object();
        Errors errors = object.errors();
        ObjectNode spec = Trees.child(claim.deepCopy(), "spec");
        ObjectNode was = Trees.child(old.deepCopy(), "spec");
        String before = Trees.text(was, "resources", "requests", "storage");
        String after = Trees.text(spec, "resources", "requests", "storage");
        // Once: by the binder, and by the controller that knows the default class.
        for (String settable : List.of("volumeName", "storageClassName")) {
            if (!Trees.has(was, settable)) {
                spec.remove(settable);
                was.remove(settable);
            }
        }
        boolean bound = Trees.text(old, "status", "phase").equals("Bound");
        if (bound) {
            for (ObjectNode side : List.of(spec, was)) {
                side.remove("volumeAttributesClassName");
                if (Trees.at(side, "resources", "requests") instanceof ObjectNode requests) {
                    requests.remove("storage");
                }
            }
        }
        if (!Json.same(spec, was)) {
            errors.forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and"
                            + " volumeAttributesClassName for bound claims");
        }
        // Down to what the volume has: that recovers from an expansion that failed (KEP-1790).
        String capacity = Trees.text(old, "status", "capacity", "storage");
        if (isLess(after, before) && !capacity.isEmpty() && !isLess(capacity, after)) {
            errors.forbidden(
                    "spec.resources.requests.storage",
                    "field can not be less than status.capacity");
        }
    }

    private static boolean isLess(String amount, String than) {
        try {
            return Quantity.parse(amount).compareTo(Quantity.parse(than)) < 0;
        } catch (IllegalArgumentException e) {
            // The new object's own rules tell.
            return false;
        }
    }
}
