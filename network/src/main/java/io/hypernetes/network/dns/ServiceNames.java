package io.hypernetes.network.dns;

import io.hypernetes.api.ObjectKey;

import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What one Service is called, and what is behind its names. */
record ServiceNames(ObjectKey key, ObjectNode service, Collection<ObjectNode> slices) {

    private static final Set<String> PROTOCOLS = Set.of("_tcp", "_udp", "_sctp");

    /**
     * An endpoint that is ready.
     *
     * @param hostname its own, else one made of its address
     */
    record Endpoint(String hostname, String address) {}

    /** What an SRV record names. */
    record Target(Name name, int port, String address) {}

    static boolean isProtocol(String label) {
        return PROTOCOLS.contains(label);
    }

    private JsonNode spec() {
        return service.path("spec");
    }

    Optional<Name> externalName() {
        if (!spec().path("type").asString("").equals("ExternalName")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Name.fromString(spec().path("externalName").asString(""), Name.root));
        } catch (TextParseException e) {
            return Optional.empty(); // a name that DNS cannot carry
        }
    }

    boolean isHeadless() {
        return spec().path("clusterIP").asString("").equals("None");
    }

    List<String> clusterAddresses() {
        Stream<JsonNode> addresses =
                spec().path("clusterIPs").isEmpty()
                        ? Stream.of(spec().path("clusterIP"))
                        : spec().path("clusterIPs").valueStream();
        return addresses
                .map(address -> address.asString(""))
                .flatMap(address -> AddressNames.canonical(address).stream())
                .toList();
    }

    private Name name() {
        return Zone.name("%s.%s.svc.cluster.local.".formatted(key.name(), key.namespace()));
    }

    private Name nameOf(Endpoint endpoint) {
        return Zone.name(
                "%s.%s.%s.svc.cluster.local."
                        .formatted(endpoint.hostname(), key.name(), key.namespace()));
    }

    List<Endpoint> ready() {
        return slices.stream().flatMap(ServiceNames::ready).distinct().toList();
    }

    private static Stream<Endpoint> ready(ObjectNode slice) {
        return slice.path("endpoints")
                .valueStream()
                .filter(endpoint -> endpoint.path("conditions").path("ready").asBoolean(true))
                .flatMap(endpoint ->
                        endpoint.path("addresses")
                                .valueStream()
                                .map(address -> address.asString(""))
                                .flatMap(text -> AddressNames.canonical(text).stream())
                                .map(address ->
                                        new Endpoint(hostname(endpoint, address), address)));
    }

    private static String hostname(JsonNode endpoint, String address) {
        String own = endpoint.path("hostname").asString("");
        return own.isEmpty() ? AddressNames.label(address) : own;
    }

    /** Where a named port is to be found: behind the service's name, or one by one. */
    List<Target> targets(String port, String protocol) {
        if (port.isEmpty()) {
            return List.of();
        }
        List<Target> targets = new ArrayList<>();
        if (isHeadless()) {
            for (ObjectNode slice : slices) {
                number(slice.path("ports"), port, protocol)
                        .ifPresent(number ->
                                ready(slice)
                                        .map(e -> new Target(nameOf(e), number, e.address()))
                                        .forEach(targets::add));
            }
        } else {
            number(spec().path("ports"), port, protocol)
                    .ifPresent(number ->
                            clusterAddresses().stream()
                                    .map(address -> new Target(name(), number, address))
                                    .forEach(targets::add));
        }
        return targets;
    }

    private static Optional<Integer> number(JsonNode ports, String name, String protocol) {
        return ports.valueStream()
                .filter(port -> port.path("name").asString("").equalsIgnoreCase(name))
                .filter(port -> port.path("protocol").asString("TCP").equalsIgnoreCase(protocol))
                .map(port -> port.path("port").asInt(0))
                .filter(number -> number > 0)
                .findFirst();
    }

    /** The names that lead to an address. */
    List<Name> namesOf(String address) {
        if (clusterAddresses().contains(address)) {
            return List.of(name());
        }
        if (!isHeadless()) {
            return List.of();
        }
        return ready().stream()
                .filter(endpoint -> endpoint.address().equals(address))
                .map(this::nameOf)
                .toList();
    }
}
