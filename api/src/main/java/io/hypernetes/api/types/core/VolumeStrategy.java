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

    private static final String SINCE = "lastPhaseTransitionTime";

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
        Trees.setIfAbsent(spec, "volumeMode", "Filesystem");
        Resources.canonicalizeList(spec.path("capacity"));
        Trees.setDefault(Trees.child(volume, "status"), "phase", "Pending");
    }

    @Override
    public void prepareForCreate(ObjectNode volume) {
        volume.putObject("status")
                .put("phase", "Pending")
                .put(SINCE, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The time of the last change of the phase is the server's to tell, unless it is told. */
    @Override
    public void prepareForStatusUpdate(ObjectNode volume, ObjectNode old) {
        super.prepareForStatusUpdate(volume, old);
        ObjectNode status = Trees.child(volume, "status");
        ObjectNode before = Trees.child(old.deepCopy(), "status");
        Trees.setDefault(status, "phase", "Pending");
        boolean same = Trees.text(status, "phase").equals(Trees.text(before, "phase"));
        String told = Trees.text(status, SINCE);
        if (same && told.isEmpty()) {
            Trees.copy(SINCE, before, status);
        } else if (!same && (told.isEmpty() || told.equals(Trees.text(before, SINCE)))) {
            status.put(SINCE, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
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
