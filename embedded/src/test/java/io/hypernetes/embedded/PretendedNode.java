package io.hypernetes.embedded;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes what a node would write of pods that run at once, for tests without machines. A pod whose
 * image is called {@code broken} never gets ready, one of the image {@code ends} succeeds.
 */
final class PretendedNode implements Reconciler<ObjectKey>, AutoCloseable {
    private final Client client;
    private final Informer pods;
    private final Controller<ObjectKey> controller;
    private final AtomicInteger addresses = new AtomicInteger();

    PretendedNode(Client client) {
        this.client = client;
        this.pods = new Informer(client, BuiltinTypes.PODS);
        this.controller = Controller.of("pretended-node", 2, pods, this).start();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = pods.get(key).filter(pod -> !Metadata.isBeingDeleted(pod));
        if (found.isPresent() && !found.get().path("status").has("startTime")) {
            ObjectNode pod = found.get().deepCopy();
            String image = pod.path("spec").path("containers").path(0).path("image").asString();
            ObjectNode status = pod.withObjectProperty("status");
            int host = addresses.incrementAndGet();
            status.put("podIP", "10.1." + host / 250 + "." + (host % 250 + 1));
            run(status, !image.equals("broken"));
            if (image.equals("ends")) {
                status.put("phase", "Succeeded");
            }
            try {
                client.updateStatus(BuiltinTypes.PODS, key.tenant(), pod);
            } catch (ApiException e) {
                if (!e.is(Reason.NOT_FOUND)) {
                    throw e;
                }
            }
        }
        return DONE;
    }

    private static void run(ObjectNode status, boolean ready) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        status.put("phase", "Running").put("startTime", now);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False")
                .put("lastTransitionTime", now);
    }

    @Override
    public void close() {
        controller.close();
        pods.close();
    }
}
