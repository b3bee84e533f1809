package io.hypernetes.controllers.garbage;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Metadata.OwnerReference;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllers.garbage.OwnedObject.Identity;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Looks at the owners that an object names, as they are now. */
final class Owners {
    /**
     * @param solid how many are there to stay
     * @param absent the uids of those that are not there
     * @param waiting the uids of those that wait for this object to go
     * @param misplaced a namespaced owner of a cluster-scoped object, which cannot be looked up
     * @param unknownType whether one is of a type that this world does not have (yet)
     */
    record Classified(
            int solid,
            Set<String> absent,
            Set<String> waiting,
            Optional<String> misplaced,
            boolean unknownType) {}

    private final Client client;
    private final WorldTypes types;

    Owners(Client client, WorldTypes types) {
        this.client = client;
        this.types = types;
    }

    Classified classify(Identity dependent, ObjectNode object) {
        int solid = 0;
        Set<String> absent = new HashSet<>();
        Set<String> waiting = new HashSet<>();
        Optional<String> misplaced = Optional.empty();
        boolean unknown = false;
        String namespace = dependent.key().namespace();
        for (OwnerReference reference : Metadata.ownerReferences(object)) {
            Optional<ResourceType> type =
                    types.of(dependent.key().tenant())
                            .find(GroupVersionKind.of(reference.apiVersion(), reference.kind()));
            if (type.isEmpty()) {
                unknown = true;
            } else if (type.get().namespaced() && namespace.isEmpty()) {
                misplaced = Optional.of(text(reference));
            } else {
                Optional<ObjectNode> owner = find(dependent, type.get(), reference);
                if (owner.isEmpty()) {
                    absent.add(reference.uid());
                } else if (isWaiting(owner.get())) {
                    waiting.add(reference.uid());
                } else {
                    solid++;
                }
            }
        }
        return new Classified(solid, absent, waiting, misplaced, unknown);
    }

    private Optional<ObjectNode> find(
            Identity dependent, ResourceType type, OwnerReference reference) {
        String namespace = type.namespaced() ? dependent.key().namespace() : "";
        ObjectKey key = new ObjectKey(dependent.key().tenant(), namespace, reference.name());
        return client.find(type, key).filter(owner -> Metadata.uid(owner).equals(reference.uid()));
    }

    private static boolean isWaiting(ObjectNode owner) {
        return Metadata.isBeingDeleted(owner)
                && Metadata.finalizers(owner).contains(Propagation.FOREGROUND_FINALIZER);
    }

    private static String text(OwnerReference reference) {
        return "["
                + reference.apiVersion()
                + "/"
                + reference.kind()
                + ", namespace: , name: "
                + reference.name()
                + ", uid: "
                + reference.uid()
                + "]";
    }
}
