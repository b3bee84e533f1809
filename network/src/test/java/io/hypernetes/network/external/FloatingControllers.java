package io.hypernetes.network.external;

import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.service.ServiceController;
import io.hypernetes.network.service.SliceIndex;

import java.time.Clock;
import java.util.List;

/** The controllers of Services and of what is outside, over an engine, started. */
public final class FloatingControllers implements AutoCloseable {

    private final List<Informer> informers;
    private final ServiceController services;
    private final ExternalController external;

    public FloatingControllers(Client client, NetworkEngine engine, Uplink uplink) {
        Informer networks = new Informer(client, BuiltinTypes.NETWORKS);
        Informer serviceObjects = new Informer(client, BuiltinTypes.SERVICES);
        Informer slices = new Informer(client, BuiltinTypes.ENDPOINT_SLICES);
        Informer floating = new Informer(client, BuiltinTypes.FLOATING_IPS);
        Informer pods = new Informer(client, BuiltinTypes.PODS);
        informers = List.of(networks, serviceObjects, slices, floating, pods);
        services =
                new ServiceController(
                        engine.services(),
                        serviceObjects,
                        slices,
                        new SliceIndex(slices),
                        floating);
        external =
                new ExternalController(
                        client,
                        new EventRecorder(
                                client, BuiltinTypes.EVENTS, "network", Clock.systemUTC()),
                        engine.outside(),
                        uplink,
                        new ExternalController.Mirrors(networks, serviceObjects, floating, pods));
        services.start();
        external.start();
    }

    @Override
    public void close() {
        external.close();
        services.close();
        informers.forEach(Informer::close);
    }
}
