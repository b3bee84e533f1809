package io.hypernetes.controllers.device;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * For whom a claim is reserved: pods that are done are taken out; with the last of them goes the
 * allocation, and a claim that was made for a pod itself.
 */
final class Reservations {
    /** Holds a claim while its devices are allocated. */
    private static final String FINALIZER = "resource.kubernetes.io/delete-protection";

    private static final int MOST = 256;

    private final Client client;

    Reservations(Client client) {
        this.client = client;
    }

    /** Whether devices are allocated that this pod could be said to use and is not yet. */
    static boolean mayReserve(ObjectNode pod, ObjectNode claim) {
        JsonNode status = claim.path("status");
        if (!status.path("allocation").isObject() || status.path("reservedFor").size() >= MOST) {
            return false;
        }
        for (JsonNode consumer : status.path("reservedFor")) {
            if (consumer.path("uid").asString("").equals(Metadata.uid(pod))) {
                return false;
            }
        }
        return true;
    }

    void see(ObjectKey key) {
        Optional<ObjectNode> found = client.find(BuiltinTypes.RESOURCE_CLAIMS, key);
        if (found.isEmpty()) {
            return;
        }
        ObjectNode claim = found.get();
        boolean released = release(key, claim);
        boolean used = !claim.path("status").path("reservedFor").isEmpty();
        if (!used && (released || Metadata.isBeingDeleted(claim))) {
            claim = deallocate(key, claim, released);
        } else if (released) {
            claim = client.updateStatus(BuiltinTypes.RESOURCE_CLAIMS, key.tenant(), claim);
        }
        if (!used && isOutlived(key, claim) && !Metadata.isBeingDeleted(claim)) {
            client.delete(
                    BuiltinTypes.RESOURCE_CLAIMS,
                    key,
                    DeleteOptions.DEFAULT.onlyUid(Metadata.uid(claim)));
        }
    }

    /** Takes out the pods that are done; whether there were any. */
    private boolean release(ObjectKey key, ObjectNode claim) {
        if (!(claim.path("status").path("reservedFor") instanceof ArrayNode consumers)) {
            return false;
        }
        int before = consumers.size();
        consumers.removeIf(consumer -> isDone(key, consumer));
        return consumers.size() < before;
    }

    private boolean isDone(ObjectKey claim, JsonNode consumer) {
        if (!consumer.path("apiGroup").asString("").isEmpty()
                || !consumer.path("resource").asString("").equals("pods")) {
            return false;
        }
        return pod(claim, consumer.path("name").asString(""))
                .filter(pod -> Metadata.uid(pod).equals(consumer.path("uid").asString("")))
                .filter(pod -> !PodClaim.isDone(pod))
                .isEmpty();
    }

    private Optional<ObjectNode> pod(ObjectKey claim, String name) {
        return client.find(
                BuiltinTypes.PODS, new ObjectKey(claim.tenant(), claim.namespace(), name));
    }

    /** What holds the claim was set with the allocation, and goes after it. */
    private ObjectNode deallocate(ObjectKey key, ObjectNode claim, boolean changed) {
        boolean held = Metadata.finalizers(claim).contains(FINALIZER);
        ObjectNode status = claim.withObject("status");
        boolean freed = held && status.remove("allocation") != null;
        ObjectNode now = claim;
        if (changed || freed) {
            status.remove("reservedFor");
            now = client.updateStatus(BuiltinTypes.RESOURCE_CLAIMS, key.tenant(), claim);
        }
        if (held) {
            Metadata.ensureFinalizers(now).removeIf(f -> f.asString("").equals(FINALIZER));
            now = client.update(BuiltinTypes.RESOURCE_CLAIMS, key.tenant(), now);
        }
        return now;
    }

    /** Made for a pod that is done, though it may stay for a while. */
    private boolean isOutlived(ObjectKey key, ObjectNode claim) {
        return PodClaim.ownerOf(claim)
                .flatMap(owner ->
                        pod(key, owner.name())
                                .map(pod ->
                                        !Metadata.uid(pod).equals(owner.uid())
                                                || PodClaim.isDone(pod)))
                .orElse(false);
    }
}
