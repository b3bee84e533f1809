package io.hypernetes.volume.claims;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.volume.MachinePools;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Provisions, binds and reclaims the volumes of one pool for the claims of all tenants whose
 * StorageClass names the pool's provisioner. Reads the StorageClass in the claim's own tenant, so a
 * shared class must be visible there.
 */
public final class ClaimController implements AutoCloseable {

    private static final int WORKERS = 4;

    private final Controller<ObjectKey> claimController;
    private final Controller<ObjectKey> volumeController;

    /**
     * Shares the informers it is given; they are started if they are not yet.
     *
     * @param pool this machine's
     * @param machines that have pools beside this one; empty when all machines reach all volumes
     */
    public ClaimController(
            Client client,
            VolumePool pool,
            Optional<MachinePools> machines,
            Informer claims,
            Informer volumes,
            Informer pods,
            Clock clock) {
        Places places = new Places(pool, machines);
        EventRecorder events =
                new EventRecorder(
                        client, BuiltinTypes.EVENTS, "persistentvolume-controller", clock);
        claimController =
                Controller.of(
                                "claims",
                                WORKERS,
                                claims,
                                new ClaimReconciler(client, places, claims, pods, events))
                        .watch(pods, (key, pod) -> claimsOf(key, pod))
                        .watch(volumes, (key, volume) -> reservation(key, volume));
        volumeController =
                Controller.of(
                                "volumes",
                                WORKERS,
                                volumes,
                                new VolumeReconciler(client, places, volumes, events))
                        .watch(claims, (key, claim) -> volumesOf(key, claim));
    }

    public ClaimController start() {
        claimController.start();
        volumeController.start();
        return this;
    }

    @Override
    public void close() {
        claimController.close();
        volumeController.close();
    }

    private static Stream<ObjectKey> claimsOf(ObjectKey key, ObjectNode pod) {
        return Trees.claimsOf(pod).stream()
                .map(name -> new ObjectKey(key.tenant(), key.namespace(), name));
    }

    private static Stream<ObjectKey> reservation(ObjectKey key, ObjectNode volume) {
        ObjectKey claim = Trees.claimOf(key.tenant(), volume);
        return claim.name().isEmpty() ? Stream.empty() : Stream.of(claim);
    }

    /** The volume a claim names, and the one made for it before it could name it. */
    private static Stream<ObjectKey> volumesOf(ObjectKey key, ObjectNode claim) {
        return Stream.of(Trees.spec(claim, "volumeName"), "pvc-" + Metadata.uid(claim))
                .filter(name -> !name.isEmpty())
                .distinct()
                .map(name -> new ObjectKey(key.tenant(), "", name));
    }
}
