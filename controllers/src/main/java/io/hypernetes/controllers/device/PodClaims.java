package io.hypernetes.controllers.device;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllers.PodsOwnClaim;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of one pod: makes what is missing, tells the pod, and reserves what somebody allocated
 * when the pod has a node already.
 */
final class PodClaims {
    private final Client client;
    private final EventRecorder events;

    PodClaims(Client client, Clock clock) {
        this.client = client;
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "resource_claim", clock);
    }

    void see(ObjectKey key, ObjectNode pod) {
        if (Metadata.isBeingDeleted(pod) || PodClaim.isDone(pod)) {
            return;
        }
        Map<String, String> made = new LinkedHashMap<>();
        for (PodClaim entry : PodClaim.of(pod)) {
            try {
                ensure(key, pod, entry).ifPresent(claim -> made.put(entry.name(), claim));
            } catch (ApiException e) {
                events.record(
                        key.tenant(),
                        pod,
                        EventRecorder.Type.WARNING,
                        "FailedResourceClaimCreation",
                        "PodResourceClaim " + entry.name() + ": " + e.status().message());
                throw e;
            }
        }
        if (!made.isEmpty()) {
            tell(key, pod, made);
        }
        if (!pod.path("spec").path("nodeName").asString("").isEmpty()) {
            PodClaim.of(pod).forEach(entry -> reserve(key, pod, entry));
        }
    }

    /** The name of the claim that was made and that the pod's status does not tell yet. */
    private Optional<String> ensure(ObjectKey key, ObjectNode pod, PodClaim entry) {
        if (!entry.isMade()) {
            return Optional.empty();
        }
        boolean known =
                entry.claim()
                        .flatMap(name -> find(key, name))
                        .filter(claim -> PodClaim.isOf(pod, claim))
                        .isPresent();
        return known ? Optional.empty() : Optional.of(make(key, pod, entry));
    }

    private Optional<ObjectNode> find(ObjectKey beside, String name) {
        return client.find(
                BuiltinTypes.RESOURCE_CLAIMS,
                new ObjectKey(beside.tenant(), beside.namespace(), name));
    }

    private String make(ObjectKey key, ObjectNode pod, PodClaim entry) {
        String name = entry.generated(pod);
        if (find(key, name).filter(claim -> PodClaim.isOf(pod, claim)).isPresent()) {
            return name; // we were ended before the pod was told
        }
        ObjectNode template =
                client.get(
                        BuiltinTypes.RESOURCE_CLAIM_TEMPLATES,
                        new ObjectKey(key.tenant(), key.namespace(), entry.template()));
        ObjectNode claim = PodsOwnClaim.of(pod, name, template.path("spec"));
        Metadata.ensureAnnotations(claim).put(PodClaim.ANNOTATION, entry.name());
        client.create(BuiltinTypes.RESOURCE_CLAIMS, key.tenant(), claim);
        return name;
    }

    /** Onto the pod as it is now: its node tells of it at the same time. */
    private void tell(ObjectKey key, ObjectNode pod, Map<String, String> made) {
        ObjectNode now = client.get(BuiltinTypes.PODS, key);
        if (!Metadata.uid(now).equals(Metadata.uid(pod))) {
            return;
        }
        ArrayNode told = now.withObject("status").withArrayProperty("resourceClaimStatuses");
        told.removeIf(status -> made.containsKey(status.path("name").asString("")));
        made.forEach((entry, claim) ->
                told.addObject().put("name", entry).put("resourceClaimName", claim));
        client.updateStatus(BuiltinTypes.PODS, key.tenant(), now);
    }

    private void reserve(ObjectKey key, ObjectNode pod, PodClaim entry) {
        Optional<ObjectNode> found = entry.claim().flatMap(name -> find(key, name));
        if (found.isEmpty()
                || (entry.isMade() && !PodClaim.isOf(pod, found.get()))
                || !Reservations.mayReserve(pod, found.get())) {
            return;
        }
        ObjectNode claim = found.get();
        claim.withObject("status")
                .withArrayProperty("reservedFor")
                .addObject()
                .put("resource", "pods")
                .put("name", Metadata.name(pod))
                .put("uid", Metadata.uid(pod));
        try {
            client.updateStatus(BuiltinTypes.RESOURCE_CLAIMS, key.tenant(), claim);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
