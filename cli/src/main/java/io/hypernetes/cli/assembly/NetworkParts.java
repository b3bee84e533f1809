package io.hypernetes.cli.assembly;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.controller.MachineController;
import io.hypernetes.network.controller.NetworkController;
import io.hypernetes.network.dns.ClusterDns;
import io.hypernetes.network.dns.DnsServers;
import io.hypernetes.network.dns.Forwarder;
import io.hypernetes.network.dns.Upstream;
import io.hypernetes.network.external.ExternalController;
import io.hypernetes.network.external.NoWayOut;
import io.hypernetes.network.local.ApiForwarder;
import io.hypernetes.network.local.ServedNetworks;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnEngine;
import io.hypernetes.network.policy.PolicyController;
import io.hypernetes.network.policy.PolicyGate;
import io.hypernetes.network.service.ServiceController;
import io.hypernetes.network.service.SliceIndex;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The networks of one machine: the engine, what answers inside of networks, the controllers. */
final class NetworkParts implements AutoCloseable {

    private final Parts parts = new Parts();
    private final NetworkEngine engine;
    private final Informer pods;
    private final List<Informer> mirrors;

    /** Of the machine that keeps the installation's networks; none on others. */
    private final List<Runnable> controllers = new ArrayList<>();

    private NetworkParts(
            OvnDaemons ovn,
            Client client,
            NetworkRules rules,
            Supplier<InetSocketAddress> api,
            boolean central) {
        ServiceRanges serviceRanges = rules.serviceRanges().orElse(ServiceRanges.DEFAULT);
        Informer namespaces = parts.closing(new Informer(client, BuiltinTypes.NAMESPACES));
        Informer serviceObjects = parts.closing(new Informer(client, BuiltinTypes.SERVICES));
        Informer slices = parts.closing(new Informer(client, BuiltinTypes.ENDPOINT_SLICES));
        pods = parts.closing(new Informer(client, BuiltinTypes.PODS));
        mirrors = new ArrayList<>(List.of(namespaces, serviceObjects, slices, pods));
        SliceIndex index = new SliceIndex(slices);
        Upstream upstream =
                rules.nameServers().isEmpty() ? Upstream.NONE : new Forwarder(rules.nameServers());
        ClusterDns dns = new ClusterDns(serviceObjects, namespaces, pods, slices, index, upstream);
        OvnEngine network = parts.closing(new OvnEngine(ovn, rules.uplink(), serviceRanges));
        PolicyGate gate = new PolicyGate(client, network.policies(), pods);
        engine =
                parts.closing(
                        new ServedNetworks(
                                network,
                                List.of(new DnsServers(dns), new ApiForwarder(api, serviceRanges)),
                                gate::await));
        if (!central) {
            return;
        }
        Informer policyObjects = parts.closing(new Informer(client, BuiltinTypes.NETWORK_POLICIES));
        mirrors.add(policyObjects);
        controllers.add(
                parts.closing(
                                new PolicyController(
                                        network.policies(), policyObjects, pods, namespaces))
                        ::start);
        Informer networkObjects = parts.closing(new Informer(client, BuiltinTypes.NETWORKS));
        Informer floatingIps = parts.closing(new Informer(client, BuiltinTypes.FLOATING_IPS));
        controllers.add(
                parts.closing(
                                new NetworkController(
                                        client, engine, networkObjects, namespaces, pods))
                        ::start);
        controllers.add(
                parts.closing(
                                new ServiceController(
                                        engine.services(),
                                        serviceObjects,
                                        slices,
                                        index,
                                        floatingIps))
                        ::start);
        Informer nodes =
                parts.closing(
                        new Informer(client, BuiltinTypes.NODES, Selection.of(Tenant.SYSTEM)));
        controllers.add(parts.closing(new MachineController(engine, nodes))::start);
        ExternalController.Mirrors seen =
                new ExternalController.Mirrors(networkObjects, serviceObjects, floatingIps, pods);
        controllers.add(outside(client, rules, seen));
    }

    private Runnable outside(Client client, NetworkRules rules, ExternalController.Mirrors seen) {
        EventRecorder events =
                new EventRecorder(client, BuiltinTypes.EVENTS, "network", Clock.systemUTC());
        if (rules.uplink().isPresent()) {
            Uplink uplink = rules.uplink().get();
            return parts.closing(
                            new ExternalController(client, events, engine.outside(), uplink, seen))
                    ::start;
        }
        return parts.closing(new NoWayOut(client, events, seen.floatingIps()))::start;
    }

    /**
     * Of the machine that keeps the installation's networks.
     *
     * @param api where the API server listens once it does
     */
    static NetworkParts central(
            OvnDaemons ovn, Client client, NetworkRules rules, Supplier<InetSocketAddress> api) {
        return new NetworkParts(ovn, client, rules, api, true);
    }

    /**
     * Of a machine that has joined: it serves its own pods' networks, which others keep.
     *
     * @param api of the installation
     */
    static NetworkParts joined(
            OvnDaemons ovn, Client client, NetworkRules rules, Supplier<InetSocketAddress> api) {
        return new NetworkParts(ovn, client, rules, api, false);
    }

    NetworkEngine engine() {
        return engine;
    }

    /** The pods of all tenants. */
    Informer pods() {
        return pods;
    }

    /** Returns when all that names, services and policies are made of is known. */
    void start() throws InterruptedException {
        controllers.forEach(Runnable::run);
        for (Informer informer : mirrors) {
            informer.start().awaitSynced();
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
