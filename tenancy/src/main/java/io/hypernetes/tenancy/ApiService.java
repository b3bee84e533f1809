package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.networking.ServiceRanges;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * The Service {@code kubernetes} of a world, at the first of its service addresses of each family,
 * and the endpoints behind it: how programs in pods find the API.
 */
final class ApiService {
    static final String NAMESPACE = "default";
    static final String NAME = "kubernetes";

    private static final int PORT = 443;
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String NO_MIRROR = "endpointslice.kubernetes.io/skip-mirror";

    private final Objects objects;
    private final ServiceRanges ranges;

    ApiService(Client client, ServiceRanges ranges) {
        this.objects = new Objects(client);
        this.ranges = ranges;
    }

    void ensure(Tenant tenant, ServerAddress server) {
        ObjectKey key = new ObjectKey(tenant, NAMESPACE, NAME);
        objects.ensure(BuiltinTypes.SERVICES, key, service(key, server));
        if (server.host().isEmpty()) {
            return;
        }
        objects.repair(
                BuiltinTypes.ENDPOINT_SLICES,
                key,
                slice(key, server),
                List.of("endpoints", "ports"),
                List.of("addressType"));
        objects.repair(
                BuiltinTypes.ENDPOINTS, key, endpoints(key, server), List.of("subsets"), List.of());
    }

    private ObjectNode service(ObjectKey key, ServerAddress server) {
        ObjectNode service = Objects.named(key);
        Metadata.ensureLabels(service).put("component", "apiserver").put("provider", "kubernetes");
        ObjectNode spec = service.putObject("spec").put("type", "ClusterIP");
        spec.put("clusterIP", ranges.apiAddresses().getFirst()).put("sessionAffinity", "None");
        ranges.apiAddresses().forEach(spec.putArray("clusterIPs")::add);
        if (ranges.apiAddresses().size() > 1) {
            spec.put("ipFamilyPolicy", "PreferDualStack");
        }
        port(spec.putArray("ports"), PORT).put("targetPort", server.port());
        return service;
    }

    private static ObjectNode slice(ObjectKey key, ServerAddress server) {
        ObjectNode slice = Objects.named(key);
        Metadata.ensureLabels(slice).put(SERVICE_LABEL, NAME);
        slice.put("addressType", server.host().contains(":") ? "IPv6" : "IPv4");
        ObjectNode endpoint = slice.putArray("endpoints").addObject();
        endpoint.putArray("addresses").add(server.host());
        endpoint.putObject("conditions").put("ready", server.ready());
        port(slice.putArray("ports"), server.port());
        return slice;
    }

    private static ObjectNode endpoints(ObjectKey key, ServerAddress server) {
        ObjectNode endpoints = Objects.named(key);
        Metadata.ensureLabels(endpoints).put(NO_MIRROR, "true");
        ObjectNode subset = endpoints.putArray("subsets").addObject();
        subset.putArray(server.ready() ? "addresses" : "notReadyAddresses")
                .add(Json.object().put("ip", server.host()));
        port(subset.putArray("ports"), server.port());
        return endpoints;
    }

    private static ObjectNode port(ArrayNode ports, int number) {
        return ports.addObject().put("name", "https").put("port", number).put("protocol", "TCP");
    }
}
