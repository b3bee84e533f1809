package io.hypernetes.volume.claims;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/**
 * Follows one PersistentVolume of this pool: Bound while its claim exists, then Released and, by
 * its reclaim policy, deleted with its data or kept.
 */
final class VolumeReconciler implements Reconciler<ObjectKey> {

    private static final Duration STILL_ATTACHED = Duration.ofSeconds(1);

    private final Client client;
    private final Places places;
    private final Informer volumes;
    private final EventRecorder events;

    VolumeReconciler(Client client, Places places, Informer volumes, EventRecorder events) {
        this.client = client;
        this.places = places;
        this.volumes = volumes;
        this.events = events;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> known = volumes.get(key);
        if (known.isEmpty() || !isOurs(known.get())) {
            return DONE;
        }
        ObjectNode volume = known.get().deepCopy();
        ObjectKey claim = Trees.claimOf(key.tenant(), volume);
        if (claim.name().isEmpty()) {
            return Metadata.isBeingDeleted(volume)
                    ? finish(key, volume)
                    : phase(key, volume, "Available");
        }
        // Asked from the server: the mirror of claims may be a moment behind.
        boolean wanted =
                client.find(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, claim)
                        .filter(tree -> Trees.isReservedFor(volume, tree))
                        .isPresent();
        if (wanted) {
            return phase(key, volume, "Bound");
        }
        return reclaim(key, volume);
    }

    private boolean isOurs(ObjectNode volume) {
        return volume.path("spec")
                .path("csi")
                .path("driver")
                .asString("")
                .equals(places.pool().provisioner());
    }

    private Result phase(ObjectKey key, ObjectNode volume, String phase) {
        if (!Trees.phase(volume).equals(phase)) {
            volume.withObject("status").put("phase", phase);
            client.updateStatus(BuiltinTypes.PERSISTENT_VOLUMES, key.tenant(), volume);
        }
        return DONE;
    }

    private Result reclaim(ObjectKey key, ObjectNode volume) {
        boolean deletes = Trees.spec(volume, "persistentVolumeReclaimPolicy").equals("Delete");
        if (!Trees.phase(volume).equals("Released")) {
            return phase(key, volume, "Released"); // comes back with the change
        }
        if (deletes) {
            try {
                deleteData(key, volume);
            } catch (VolumeException e) {
                events.record(
                        key.tenant(),
                        volume,
                        Type.WARNING,
                        "VolumeFailedDelete",
                        String.valueOf(e.getMessage()));
                return Reconciler.again(STILL_ATTACHED);
            }
        }
        if (Metadata.isBeingDeleted(volume)) {
            return finish(key, volume);
        }
        if (deletes) {
            client.delete(BuiltinTypes.PERSISTENT_VOLUMES, key, DeleteOptions.DEFAULT);
        }
        return DONE;
    }

    /**
     * A tenant may write any handle into a PersistentVolume of its world; only what the pool itself
     * knows to be that tenant's is touched.
     */
    private void deleteData(ObjectKey key, ObjectNode volume) {
        VolumePool pool = places.poolOf(volume);
        String id = volume.path("spec").path("csi").path("volumeHandle").asString("");
        boolean own =
                pool.volume(id).filter(v -> v.tenant().equals(key.tenant().name())).isPresent();
        if (own) {
            pool.delete(id);
        }
    }

    private Result finish(ObjectKey key, ObjectNode volume) {
        if (Metadata.finalizers(volume).contains(Trees.DATA)) {
            Trees.removeFinalizer(volume, Trees.DATA);
            client.update(BuiltinTypes.PERSISTENT_VOLUMES, key.tenant(), volume);
        }
        return DONE;
    }
}
