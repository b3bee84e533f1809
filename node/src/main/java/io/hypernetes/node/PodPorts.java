package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.controller.NetworkController;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** The ports of this machine's pods on their tenants' networks. */
final class PodPorts {

    private final NetworkEngine network;
    private final Informer namespaces;
    private final PodSetup setup;
    private final String host;

    /**
     * @param host the machine's address
     */
    PodPorts(NetworkEngine network, Informer namespaces, PodSetup setup, String host) {
        this.network = network;
        this.namespaces = namespaces;
        this.setup = setup;
        this.host = host;
    }

    /** The pod's port, made if there is none; empty on the host's network. */
    Optional<Port> attach(Tenant tenant, ObjectNode pod) {
        return setup.isOnHostNetwork(pod)
                ? Optional.empty()
                : Optional.of(
                        setup.attach(
                                network, networkOf(tenant, pod), id(tenant, Metadata.uid(pod))));
    }

    /** Brings the port into a sandbox that has been made. */
    void connect(Optional<Port> port, String sandbox) {
        port.ifPresent(own -> setup.connect(network, own, sandbox));
    }

    void awaitReady(Optional<Port> port) {
        port.ifPresent(network::awaitReady);
    }

    /** The pod's addresses, none before it has a port. */
    List<String> ips(Tenant tenant, ObjectNode pod) {
        return setup.isOnHostNetwork(pod)
                ? List.of(host)
                : network.port(id(tenant, Metadata.uid(pod))).map(Port::ips).orElse(List.of());
    }

    void release(Tenant tenant, String uid) {
        network.detach(id(tenant, uid));
    }

    private NetworkId networkOf(Tenant tenant, ObjectNode pod) {
        ObjectKey namespace = new ObjectKey(tenant, "", Metadata.namespace(pod));
        return new NetworkId(tenant.name(), NetworkController.networkOf(namespaces.get(namespace)));
    }

    private static PortId id(Tenant tenant, String uid) {
        return new PortId(tenant.name(), uid);
    }
}
