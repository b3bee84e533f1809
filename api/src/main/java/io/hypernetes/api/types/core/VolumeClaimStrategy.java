package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** PersistentVolumeClaims. */
public final class VolumeClaimStrategy extends KindStrategy {

    public VolumeClaimStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    @Override
    public void applyDefaults(ObjectNode claim) {
        ObjectNode spec = Trees.child(claim, "spec");
        Trees.setIfAbsent(spec, "volumeMode", "Filesystem");
        Resources.canonicalize(spec.path("resources"));
        Trees.setDefault(Trees.child(claim, "status"), "phase", "Pending");
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
        dataSources(Trees.child(claim, "spec"));
        claim.putObject("status").put("phase", "Pending");
    }

    @Override
    public void prepareForUpdate(ObjectNode claim, ObjectNode old) {
        super.prepareForUpdate(claim, old);
        dataSources(Trees.child(claim, "spec"));
    }

    /**
     * The older field knows claims and snapshots alone, the newer one none of another namespace:
     * what they do not know is dropped. What is left says the same in both.
     */
    private static void dataSources(ObjectNode spec) {
        if (!Trees.text(spec, "dataSourceRef", "namespace").isEmpty()) {
            spec.remove("dataSourceRef");
        }
        String kind = Trees.text(spec, "dataSource", "kind");
        String group = Trees.text(spec, "dataSource", "apiGroup");
        boolean known =
                kind.equals("PersistentVolumeClaim") && group.isEmpty()
                        || kind.equals("VolumeSnapshot") && group.equals("snapshot.storage.k8s.io");
        if (!Trees.has(spec, "dataSourceRef") && !known) {
            spec.remove("dataSource");
        }
        if (Trees.has(spec, "dataSource") && !Trees.has(spec, "dataSourceRef")) {
            spec.set("dataSourceRef", spec.path("dataSource").deepCopy());
        } else if (Trees.has(spec, "dataSourceRef") && !Trees.has(spec, "dataSource")) {
            spec.set("dataSource", spec.path("dataSourceRef").deepCopy());
        }
    }

    @Override
    protected void rules(Field claim) {
        VolumeClaimRules.spec(claim.at("spec"));
    }

    @Override
    protected void updateRules(Field object, Field stored) {
        ObjectNode claim = object.object();
        ObjectNode old = stored.object();
        Errors errors = object.errors();
        ObjectNode spec = Trees.child(claim.deepCopy(), "spec");
        ObjectNode was = Trees.child(old.deepCopy(), "spec");
        String before = Trees.text(was, "resources", "requests", "storage");
        String after = orNone(Trees.text(spec, "resources", "requests", "storage"));
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
        String capacity = orNone(Trees.text(old, "status", "capacity", "storage"));
        if (isLess(after, before) && !isLess(capacity, after)) {
            errors.forbidden(
                    "spec.resources.requests.storage",
                    "field can not be less than status.capacity");
        }
        object.at("spec", "volumeMode")
                .named("volumeMode")
                .immutable(stored.at("spec", "volumeMode"));
        attributes(
                object.at("spec", "volumeAttributesClassName"),
                stored.at("spec", "volumeAttributesClassName"));
    }

    private static void attributes(Field attributes, Field old) {
        if (!old.isSet() || attributes.same(old)) {
            return;
        }
        if (!attributes.isSet()) {
            attributes.forbidden("update from non-nil value to nil is forbidden");
        } else if (!attributes.isGiven()) {
            attributes.forbidden("update from non-nil value to an empty string is forbidden");
        }
    }

    @Override
    protected void statusRules(Field claim, Field old) {
        if (!claim.at("spec", "accessModes").isGiven()) {
            claim.at("Spec", "accessModes").tellRequired("");
        }
        ClaimStatusRules.check(claim.at("status"));
    }

    private static String orNone(String amount) {
        return amount.isEmpty() ? "0" : amount;
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
