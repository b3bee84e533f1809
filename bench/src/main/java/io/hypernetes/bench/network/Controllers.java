package io.hypernetes.bench.network;

import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.dns.ClusterDns;
import io.hypernetes.network.dns.DnsServers;
import io.hypernetes.network.dns.Upstream;
import io.hypernetes.network.local.ServedNetworks;
import io.hypernetes.network.policy.PolicyController;
import io.hypernetes.network.policy.PolicyGate;
import io.hypernetes.network.service.ServiceController;
import io.hypernetes.network.service.SliceIndex;

import java.util.List;

/** What turns objects into networks on a machine: services, policies, names. */
final class Controllers implements AutoCloseable {

    private final Parts parts = new Parts();
    private final NetworkEngine served;

    Controllers(Client client, NetworkEngine engine) throws InterruptedException {
        Informer services = parts.closing(new Informer(client, BuiltinTypes.SERVICES));
        Informer slices = parts.closing(new Informer(client, BuiltinTypes.ENDPOINT_SLICES));
        Informer namespaces = parts.closing(new Informer(client, BuiltinTypes.NAMESPACES));
        Informer pods = parts.closing(new Informer(client, BuiltinTypes.PODS));
        Informer policies = parts.closing(new Informer(client, BuiltinTypes.NETWORK_POLICIES));
        Informer floating = parts.closing(new Informer(client, BuiltinTypes.FLOATING_IPS));
        SliceIndex index = new SliceIndex(slices);
        ClusterDns dns = new ClusterDns(services, namespaces, pods, slices, index, Upstream.NONE);
        PolicyGate gate = new PolicyGate(client, engine.policies(), pods);
        served =
                parts.closing(
                        new ServedNetworks(engine, List.of(new DnsServers(dns)), gate::await));
        parts.closing(new ServiceController(engine.services(), services, slices, index, floating))
                .start();
        parts.closing(new PolicyController(engine.policies(), policies, pods, namespaces)).start();
        for (Informer informer : List.of(services, slices, namespaces, pods, policies, floating)) {
            informer.awaitSynced();
        }
    }

    NetworkEngine engine() {
        return served;
    }

    @Override
    public void close() {
        parts.close();
    }
}
