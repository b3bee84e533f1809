package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a deleted claim go when no pod on a node uses it any more, and a deleted volume when it is
 * bound to no claim: what the finalizers of admission (StorageObjectInUseProtection) wait for.
 * Claims are looked at when they or pods of their namespace go; others cost nothing.
 */
public final class StorageProtectionController
        implements Reconciler<StorageProtectionController.Held>,
                FeedReader.Listener,
                AutoCloseable {

    /** Of a claim. */
    public static final String CLAIM = "kubernetes.io/pvc-protection";

    /** Of a volume. */
    public static final String VOLUME = "kubernetes.io/pv-protection";

    private static final int WORKERS = 1;

    /** A claim or volume that is being deleted. */
    record Held(ResourceType type, ObjectKey key) {}

    private final Client client;
    private final Controller<Held> controller;

    /** Claims that pods use; the feed's thread and the worker share it. */
    private final Set<ObjectKey> inUse = ConcurrentHashMap.newKeySet();

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public StorageProtectionController(Client client, FeedReader reader) {
        this.client = client;
        this.controller = new Controller<>("storage-protection", WORKERS, this);
        reader.listen(this);
    }

    public StorageProtectionController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        if (item.resource().equals(BuiltinTypes.PODS.id())) {
            if (item.gone()) {
                podIsGone(item.key());
            }
        } else if (item.resource().equals(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS.id())) {
            see(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, item);
        } else if (item.resource().equals(BuiltinTypes.PERSISTENT_VOLUMES.id())) {
            see(BuiltinTypes.PERSISTENT_VOLUMES, item);
        }
    }

    private void see(ResourceType type, ChangeFeed.Item item) {
        if (!item.gone() && item.mentions("deletionTimestamp")) {
            controller.enqueue(new Held(type, item.key()));
        }
    }

    private void podIsGone(ObjectKey pod) {
        for (ObjectKey claim : inUse) {
            if (claim.tenant().equals(pod.tenant()) && claim.namespace().equals(pod.namespace())) {
                controller.enqueue(new Held(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, claim));
            }
        }
    }

    @Override
    public Result reconcile(Held held) {
        boolean claim = held.type().equals(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS);
        String finalizer = claim ? CLAIM : VOLUME;
        Optional<ObjectNode> found = client.find(held.type(), held.key());
        if (found.isEmpty()
                || !Metadata.isBeingDeleted(found.get())
                || !Metadata.finalizers(found.get()).contains(finalizer)) {
            inUse.remove(held.key());
            return DONE;
        }
        ObjectNode object = found.get();
        if (claim ? isUsed(held.key()) : phase(object).equals("Bound")) {
            return DONE; // the pod's end, or the volume's change, brings it back
        }
        ArrayNode finalizers = Metadata.ensureFinalizers(object);
        for (int i = finalizers.size() - 1; i >= 0; i--) {
            if (finalizers.get(i).asString("").equals(finalizer)) {
                finalizers.remove(i);
            }
        }
        client.update(held.type(), held.key().tenant(), object);
        inUse.remove(held.key());
        return DONE;
    }

    private static String phase(ObjectNode volume) {
        return volume.path("status").path("phase").asString("");
    }

    /** As upstream, a pod counts from when it has a node until it is gone, ended or not. */
    private boolean isUsed(ObjectKey claim) {
        // Noted before pods are looked at, so that the end of one is not missed.
        inUse.add(claim);
        return client
                .list(BuiltinTypes.PODS, Selection.of(claim.tenant(), claim.namespace()))
                .items()
                .stream()
                .map(item -> item.object())
                .anyMatch(pod -> uses(pod, claim.name()));
    }

    private static boolean uses(ObjectNode pod, String claim) {
        JsonNode spec = pod.path("spec");
        if (spec.path("nodeName").asString("").isEmpty()) {
            return false;
        }
        for (JsonNode volume : spec.path("volumes")) {
            String named = volume.path("persistentVolumeClaim").path("claimName").asString("");
            boolean ephemeral =
                    volume.path("ephemeral").isObject()
                            && claim.equals(
                                    Metadata.name(pod) + "-" + volume.path("name").asString(""));
            if (named.equals(claim) || ephemeral) {
                return true;
            }
        }
        return false;
    }
}
