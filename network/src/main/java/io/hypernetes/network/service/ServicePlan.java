package io.hypernetes.network.service;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.network.ServiceEngine.Affinity;
import io.hypernetes.network.VirtualServer;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.VirtualServer.Reach;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a Service and its slices ask of the data plane. Pure.
 *
 * @param servers none for a service without an address of its own
 */
record ServicePlan(List<VirtualServer> servers, Affinity affinity) {

    static final ServicePlan NOTHING = new ServicePlan(List.of(), Affinity.NONE);

    /**
     * @param floating addresses outside that were attached to the service
     */
    static ServicePlan of(
            ObjectNode service, Collection<ObjectNode> slices, Collection<String> floating) {
        JsonNode spec = service.path("spec");
        if (Metadata.isBeingDeleted(service)
                || spec.path("type").asString("").equals("ExternalName")
                || isOfAnother(service)) {
            return NOTHING;
        }
        List<VirtualServer> servers = new ArrayList<>();
        Set<String> addresses = addresses(service);
        addresses.addAll(floating);
        Set<String> own = ownMachine(service);
        for (String address : addresses) {
            for (JsonNode port : spec.path("ports")) {
                Protocol protocol = Protocol.valueOf(port.path("protocol").asString("TCP"));
                servers.add(
                        new VirtualServer(
                                protocol,
                                address,
                                port.path("port").asInt(0),
                                backends(
                                        port.path("name").asString(""),
                                        protocol,
                                        ofFamily(address, slices)),
                                own.contains(address) ? Reach.OWN_MACHINE : Reach.EVERYWHERE));
            }
        }
        boolean sticky = spec.path("sessionAffinity").asString("").equals("ClientIP");
        return new ServicePlan(servers, sticky ? Affinity.CLIENT_ADDRESS : Affinity.NONE);
    }

    /** Whether its labels say, as to kube-proxy, that somebody else is to answer for it. */
    private static boolean isOfAnother(ObjectNode service) {
        JsonNode labels = service.path("metadata").path("labels");
        return labels.has("service.kubernetes.io/service-proxy-name")
                || labels.has("service.kubernetes.io/headless");
    }

    /**
     * The addresses at which a pod meets backends of its own machine alone. What comes from outside
     * is led to pods at once, with its sender's address, so {@code externalTrafficPolicy} asks for
     * nothing that is not so.
     */
    private static Set<String> ownMachine(ObjectNode service) {
        JsonNode spec = service.path("spec");
        if (!spec.path("internalTrafficPolicy").asString("").equals("Local")) {
            return Set.of();
        }
        Set<String> own = new HashSet<>();
        own.add(spec.path("clusterIP").asString(""));
        spec.path("clusterIPs").forEach(address -> own.add(address.asString("")));
        return own;
    }

    /** The service's own, those that it was given from outside, and those it shares. */
    private static Set<String> addresses(ObjectNode service) {
        JsonNode spec = service.path("spec");
        Stream<JsonNode> cluster =
                spec.path("clusterIPs").isEmpty()
                        ? Stream.of(spec.path("clusterIP"))
                        : spec.path("clusterIPs").valueStream();
        Set<String> addresses = new LinkedHashSet<>();
        Stream.of(
                        cluster,
                        spec.path("externalIPs").valueStream(),
                        service.path("status")
                                .path("loadBalancer")
                                .path("ingress")
                                .valueStream()
                                .map(ingress -> ingress.path("ip")))
                .flatMap(stream -> stream)
                .map(address -> address.asString(""))
                .filter(Addresses::isAddress)
                .map(Addresses::canonical)
                .forEach(addresses::add);
        return addresses;
    }

    /** Who may answer at an address: nobody translates from one family into the other. */
    private static List<ObjectNode> ofFamily(String address, Collection<ObjectNode> slices) {
        String type = address.contains(":") ? "IPv6" : "IPv4";
        return slices.stream()
                .filter(slice -> slice.path("addressType").asString("").equals(type))
                .toList();
    }

    /**
     * Those that are ready; when there are none, those that are about to end and still serve
     * (KEP-1669).
     */
    private static List<Backend> backends(
            String port, Protocol protocol, Collection<ObjectNode> slices) {
        List<Backend> ready = backends(port, protocol, slices, ServicePlan::isReady);
        return ready.isEmpty()
                ? backends(port, protocol, slices, ServicePlan::servesToTheEnd)
                : ready;
    }

    private static List<Backend> backends(
            String port,
            Protocol protocol,
            Collection<ObjectNode> slices,
            Predicate<JsonNode> fit) {
        Set<Backend> backends = new LinkedHashSet<>();
        for (ObjectNode slice : slices) {
            for (JsonNode offered : slice.path("ports")) {
                if (offered.path("name").asString("").equals(port)
                        && offered.path("protocol").asString("TCP").equals(protocol.name())
                        && offered.path("port").asInt(0) > 0) {
                    slice.path("endpoints")
                            .valueStream()
                            .filter(fit)
                            .map(endpoint -> endpoint.path("addresses").path(0).asString(""))
                            .filter(Addresses::isAddress)
                            .map(Addresses::canonical)
                            .map(ip -> new Backend(ip, offered.path("port").asInt()))
                            .forEach(backends::add);
                }
            }
        }
        return List.copyOf(backends);
    }

    /** What is not said counts as ready. */
    static boolean isReady(JsonNode endpoint) {
        return endpoint.path("conditions").path("ready").asBoolean(true);
    }

    private static boolean servesToTheEnd(JsonNode endpoint) {
        JsonNode conditions = endpoint.path("conditions");
        return conditions.path("terminating").asBoolean(false)
                && conditions.path("serving").asBoolean(false);
    }
}
