package io.hypernetes.controllers.garbage;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Propagation;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What the collector remembers of an object: nothing of its content.
 *
 * @param waitsForDependents being deleted in the foreground
 * @param orphansDependents being deleted, its dependents are to forget it first
 */
record OwnedObject(
        Identity identity,
        List<Owner> owners,
        boolean beingDeleted,
        boolean waitsForDependents,
        boolean orphansDependents) {

    /** One incarnation of an object. The tenant is part of its key. */
    record Identity(GroupResource resource, ObjectKey key, String uid) {}

    /**
     * @param blocks whether an owner that is deleted in the foreground waits for this object
     */
    record Owner(String uid, boolean blocks) {}

    static OwnedObject of(Identity identity, ObjectNode object) {
        boolean going = Metadata.isBeingDeleted(object);
        List<String> finalizers = going ? Metadata.finalizers(object) : List.of();
        return new OwnedObject(
                identity,
                Metadata.ownerReferences(object).stream()
                        .map(owner -> new Owner(owner.uid(), owner.blockOwnerDeletion()))
                        .toList(),
                going,
                finalizers.contains(Propagation.FOREGROUND_FINALIZER),
                finalizers.contains(Propagation.ORPHAN_FINALIZER));
    }

    /** Whether that owner, deleted in the foreground, waits for this object. */
    boolean blocks(Identity owner) {
        return owners.stream().anyMatch(o -> o.uid().equals(owner.uid()) && o.blocks());
    }

    boolean concernsTheCollector() {
        return !owners.isEmpty() || waitsForDependents || orphansDependents;
    }
}
