package io.hypernetes.network.controller;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.network.NetworkEngine;

import java.util.List;

/** Forgets a machine of the networks when its Node object is deleted. */
public final class MachineController implements Reconciler<ObjectKey>, AutoCloseable {

    private final NetworkEngine engine;
    private final Informer nodes;
    private final Controller<ObjectKey> controller;

    /**
     * @param nodes of the operator's world; the caller's to close
     */
    public MachineController(NetworkEngine engine, Informer nodes) {
        this.engine = engine;
        this.nodes = nodes;
        this.controller = Controller.of("machines", 1, nodes, this);
    }

    public void start() {
        controller.start();
        for (String machine : engine.machines()) { // deleted while nobody looked
            controller.enqueue(new ObjectKey(Tenant.SYSTEM, "", machine));
        }
    }

    @Override
    public Result reconcile(ObjectKey key) {
        List<String> machines = engine.machines();
        if (nodes.get(key).isEmpty() && machines.contains(key.name())) {
            engine.deleteMachine(key.name());
        }
        return DONE;
    }

    @Override
    public void close() {
        controller.close();
    }
}
