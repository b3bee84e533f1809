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
