package io.hypernetes.controllers.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import java.time.Clock;

/** The controllers of nodes. They share the pods' mirror with the workload controllers. */
public final class NodeControllers implements AutoCloseable {

    private static final String LEASES = "kube-node-lease";

    private final Informer leases;
    private final NodeHealth health;
    private final TaintEviction evictions;
    private final PodGarbage garbage;

    /**
     * @param pods of all tenants
     * @param nodes of the operator's tenant; both stay the caller's to close
     */
    public NodeControllers(Client client, Informer pods, Informer nodes, Clock clock) {
        leases = new Informer(client, BuiltinTypes.LEASES, Selection.of(Tenant.SYSTEM, LEASES));
        health = new NodeHealth(client, pods, nodes, leases, clock, NodeHealth.GRACE);
        evictions = new TaintEviction(client, pods, nodes, clock);
        garbage = new PodGarbage(client, pods, nodes, clock, PodGarbage.Limits.DEFAULT);
    }

    public NodeControllers start() {
        health.start();
        evictions.start();
        garbage.start();
        return this;
    }

    @Override
    public void close() {
        garbage.close();
        evictions.close();
        health.close();
        leases.close();
    }
}
