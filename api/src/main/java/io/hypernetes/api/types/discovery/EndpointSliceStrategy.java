package io.hypernetes.api.types.discovery;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.EndpointRules;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.MetadataRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** EndpointSlices: where the pods of a service are. */
public final class EndpointSliceStrategy extends KindStrategy {

    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final int MAX_ENDPOINTS = 1000;
    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_PORTS = 20_000;
    private static final int MAX_TOPOLOGY_LABELS = 16;
    private static final int MAX_HINTS = 8;

    public EndpointSliceStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode slice) {
        for (ObjectNode port : Trees.objects(slice.path("ports"))) {
            if (!Trees.has(port, "name")) {
                port.put("name", "");
            }
            Trees.setDefault(port, "protocol", "TCP");
        }
    }

    @Override
    public void prepareForCreate(ObjectNode slice) {
        super.prepareForCreate(slice);
        dropTopology(slice);
    }

    @Override
    public void prepareForUpdate(ObjectNode slice, ObjectNode old) {
        super.prepareForUpdate(slice, old);
        dropTopology(slice);
    }

    /** Only the beta knew it. */
    private static void dropTopology(ObjectNode slice) {
        Trees.objects(slice.path("endpoints"))
                .forEach(endpoint -> endpoint.remove("deprecatedTopology"));
    }

    @Override
    public JsonNode desired(ObjectNode slice) {
        ObjectNode desired = slice.deepCopy();
        JsonNode labels = desired.path("metadata").path("labels");
        desired.remove(List.of("metadata", "apiVersion", "kind"));
        desired.set("labels", labels.isObject() ? labels : Json.object());
        return desired;
    }

    @Override
    protected void rules(Field slice) {
        slice.at("addressType").required().oneOf("FQDN", "IPv4", "IPv6");
        endpoints(slice.at("endpoints"), slice.at("addressType").text());
        ports(slice.at("ports"));
    }

    private static void endpoints(Field endpoints, String type) {
        if (endpoints.items().size() > MAX_ENDPOINTS) {
            endpoints.tooMany(endpoints.items().size(), MAX_ENDPOINTS);
            return;
        }
        for (Field endpoint : endpoints.items()) {
            Field addresses = endpoint.at("addresses");
            int count = addresses.items().size();
            if (count == 0) {
                addresses.tellRequired("must contain at least 1 address");
            } else if (count > MAX_ADDRESSES) {
                addresses.tooMany(count, MAX_ADDRESSES);
            }
            addresses.items().forEach(address -> address(address, type));
            endpoint.at("nodeName").ifSet().form(Names::dnsSubdomain);
            topology(endpoint.at("deprecatedTopology"));
            endpoint.at("hostname").ifSet().form(Names::dnsLabel);
            hints(endpoint.at("hints"));
        }
    }

    private static void address(Field address, String type) {
        String text = address.text();
        switch (type) {
            case "IPv4" -> {
                if (Addresses.isIpv4(text)) {
                    EndpointRules.reachable(address);
                } else {
                    address.invalid(text, "must be a valid IPv4 address");
                }
            }
            case "IPv6" -> {
                if (Addresses.isIpv6(text)) {
                    EndpointRules.reachable(address);
                } else {
                    address.invalid(text, "must be a valid IPv6 address");
                }
            }
            case "FQDN" -> {
                List<String> wrong = Names.dnsSubdomain(text);
                wrong.forEach(sentence -> address.invalid(text, sentence));
                if (wrong.isEmpty() && !text.contains(".")) {
                    address.invalid(
                            text,
                            "should be a domain with at least two segments separated by dots");
                }
            }
            default -> {}
        }
    }

    private static void topology(Field labels) {
        if (labels.keys().size() > MAX_TOPOLOGY_LABELS) {
            labels.tooMany(labels.keys().size(), MAX_TOPOLOGY_LABELS);
        }
        MetadataRules.labels(labels);
        if (labels.value().has(ZONE)) {
            labels.key(ZONE).forbidden("may not be set, use the endpoint's `zone`");
        }
    }

    private static void hints(Field hints) {
        if (named(hints.at("forZones"), Names::labelValue)) {
            named(hints.at("forNodes"), Names::dnsSubdomain);
        }
    }

    /** Returns whether there are few enough: what comes after too many is not looked at. */
    private static boolean named(Field places, Function<String, List<String>> rule) {
        if (places.items().size() > MAX_HINTS) {
            places.tooMany(places.items().size(), MAX_HINTS);
            return false;
        }
        Set<String> names = new HashSet<>();
        for (Field place : places.items()) {
            Field name = place.at("name");
            if (!names.add(name.text())) {
                name.duplicate(name.text());
            }
            name.form(rule);
        }
        return true;
    }

    private static void ports(Field ports) {
        if (ports.items().size() > MAX_PORTS) {
            ports.tooMany(ports.items().size(), MAX_PORTS);
            return;
        }
        Set<String> names = new HashSet<>();
        for (Field port : ports.items()) {
            port.at("name").ifGiven().form(Names::dnsLabel);
            if (!names.add(port.at("name").text())) {
                port.at("name").duplicate();
            }
            port.at("protocol").required().oneOf("SCTP", "TCP", "UDP");
            port.at("appProtocol").ifSet().form(Names::qualifiedName);
        }
    }

    @Override
    protected void updateRules(Field slice, Field old) {
        slice.at("addressType").immutable(old.at("addressType"));
    }
}
