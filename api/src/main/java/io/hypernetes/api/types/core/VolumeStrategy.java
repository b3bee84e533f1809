package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** PersistentVolumes. */
public final class VolumeStrategy extends KindStrategy {

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
        volume.putObject("status")
                .put("phase", "Pending")
                .put(
                        "lastPhaseTransitionTime",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    @Override
    protected void rules(Field volume) {
        PersistentVolumeRules.check(volume.at("spec"));
    }

    @Override
    protected void updateRules(Field volume, Field old) {
        PersistentVolumeRules.changes(volume.at("spec"), old.at("spec"));
    }
}
