package io.hypernetes.controllers.endpoint;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a service says of its endpoints.
 *
 * @param selector labels; empty when somebody else keeps the endpoints
 * @param addressTypes {@code IPv4}, {@code IPv6} or both
 */
record ServiceView(
        ObjectNode service,
        Map<String, String> selector,
        List<JsonNode> ports,
        List<String> addressTypes,
        boolean publishNotReady,
        boolean headless) {

    private static final String SAME_NODE = "PreferSameNode";

    static ServiceView of(ObjectNode service) {
        JsonNode spec = service.path("spec");
        Map<String, String> selector = new LinkedHashMap<>();
        if (!spec.path("type").asString("").equals("ExternalName")) {
            spec.path("selector").forEachEntry((k, v) -> selector.put(k, v.asString("")));
        }
        List<String> types = new ArrayList<>();
        spec.path("ipFamilies").forEach(family -> types.add(family.asString("")));
        String address = spec.path("clusterIP").asString("");
        if (types.isEmpty()) {
            types.add(address.contains(":") ? "IPv6" : "IPv4");
        }
        return new ServiceView(
                service,
                selector,
                spec.path("ports").valueStream().toList(),
                types,
                spec.path("publishNotReadyAddresses").asBoolean(false),
                address.equals("None"));
    }

    boolean selects(ObjectNode pod) {
        return !selector.isEmpty()
                && Metadata.labels(pod).entrySet().containsAll(selector.entrySet());
    }

    String name() {
        return Metadata.name(service);
    }

    /** Whether clients shall be led to endpoints of their zone, if there are any (KEP-4444). */
    boolean prefersZone() {
        return List.of("PreferClose", "PreferSameZone", SAME_NODE).contains(distribution());
    }

    /** The same of their node (KEP-3015). */
    boolean prefersNode() {
        return distribution().equals(SAME_NODE);
    }

    private String distribution() {
        return service.path("spec").path("trafficDistribution").asString("");
    }

    /** The service's own labels, for what is made for it. */
    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>(Metadata.labels(service));
        labels.remove("service.kubernetes.io/headless");
        if (headless) {
            labels.put("service.kubernetes.io/headless", "");
        }
        return labels;
    }
}
