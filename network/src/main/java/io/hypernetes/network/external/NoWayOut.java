package io.hypernetes.network.external;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;

/** Says to FloatingIPs that there are no addresses, where the operator has named no uplink. */
public final class NoWayOut implements Reconciler<ObjectKey>, AutoCloseable {

    private final Informer floating;
    private final FloatingIpStatus status;
    private final Controller<ObjectKey> controller;

    /**
     * @param floating FloatingIPs of all tenants; the caller's to close
     */
    public NoWayOut(Client client, EventRecorder events, Informer floating) {
        this.floating = floating;
        this.status = new FloatingIpStatus(client, events, Clock.systemUTC());
        this.controller = Controller.of("floating", 1, floating, this);
    }

    public void start() {
        controller.start();
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> known = floating.get(key);
        if (known.isPresent()) {
            if (Metadata.isBeingDeleted(known.get())) {
                status.release(key.tenant(), known.get());
            } else {
                status.pending(
                        key.tenant(),
                        known.get(),
                        "NoUplink",
                        "this installation has no way out: the operator starts it with --uplink");
            }
        }
        return DONE;
    }
}
