package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.controllers.PodsOwnClaim;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the claims that pods bring along: a volume with a {@code volumeClaimTemplate} has one of
 * its own, {@code POD-VOLUME}, owned by the pod and gone with it (KEP-1698).
 */
final class EphemeralClaims implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 2;

    private final Client client;
    private final PodControl control;
    private final Informer pods;
    private final Controller<ObjectKey> controller;

    EphemeralClaims(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.control = new PodControl(client, "ephemeral_volume", clock);
        this.pods = mirrors.pods();
        this.controller =
                new Controller<>("ephemeral-volume", WORKERS, this)
                        .watch(
                                pods,
                                (key, pod) -> hasEphemeral(pod) ? Stream.of(key) : Stream.empty());
    }

    EphemeralClaims start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    private static boolean hasEphemeral(ObjectNode pod) {
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.has("ephemeral")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = pods.get(key).filter(PodState::isActive);
        if (found.isPresent()) {
            for (JsonNode volume : found.get().path("spec").path("volumes")) {
                if (volume.has("ephemeral")) {
                    make(key, found.get(), volume);
                }
            }
        }
        return DONE;
    }

    private void make(ObjectKey key, ObjectNode pod, JsonNode volume) {
        String name = key.name() + "-" + volume.path("name").asString("");
        ObjectKey claimKey = new ObjectKey(key.tenant(), key.namespace(), name);
        Optional<ObjectNode> known = client.find(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, claimKey);
        if (known.isEmpty()) {
            JsonNode template = volume.path("ephemeral").path("volumeClaimTemplate");
            client.create(
                    BuiltinTypes.PERSISTENT_VOLUME_CLAIMS,
                    key.tenant(),
                    PodsOwnClaim.of(pod, name, template));
            return;
        }
        boolean ours =
                Ownership.controllerOf(known.get())
                        .filter(owner -> owner.uid().equals(Metadata.uid(pod)))
                        .isPresent();
        if (!ours) {
            control.tell(
                    key.tenant(),
                    pod,
                    false,
                    "FailedBinding",
                    "ephemeral volume %s: PVC %s/%s was not created for pod %s/%s (pod is not owner)"
                            .formatted(
                                    volume.path("name").asString(""),
                                    key.namespace(),
                                    name,
                                    key.namespace(),
                                    key.name()));
        }
    }
}
