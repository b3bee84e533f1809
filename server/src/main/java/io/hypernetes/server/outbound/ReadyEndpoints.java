package io.hypernetes.server.outbound;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.TenantDialer.Place;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which pods stand behind a service now: from its EndpointSlices, and from its Endpoints where it
 * has no slices. Endpoints without a pod are none here: an address alone cannot be dialled.
 */
final class ReadyEndpoints {
    private static final Optional<ResourceType> SLICES =
            ResourceTypes.BUILTIN.find("discovery.k8s.io", "v1", "endpointslices");

    private final Reads reads;

    ReadyEndpoints(Reads reads) {
        this.reads = reads;
    }

    /** Throws NotFound, and ServiceUnavailable when there is no such port or nobody is ready. */
    Place.Pod pick(ObjectKey service, String port) {
        Served found =
                reads.get(
                        BuiltinTypes.SERVICES,
                        service.tenant(),
                        service.namespace(),
                        service.name());
        String portName = portName(found.tree(), service.name(), port);
        List<Place.Pod> ready = fromSlices(service, portName);
        if (ready.isEmpty()) {
            ready = fromEndpoints(service, portName);
        }
        if (ready.isEmpty()) {
            throw unavailable("no endpoints available for service \"" + service.name() + "\"");
        }
        return ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
    }

    /** A number stands for the service's port of that number; a name is taken as it is. */
    private static String portName(JsonNode service, String name, String port) {
        if (port.isEmpty() || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return port;
        }
        for (JsonNode declared : service.path("spec").path("ports")) {
            if (Integer.toString(declared.path("port").asInt(0)).equals(port)) {
                return declared.path("name").asString("");
            }
        }
        throw unavailable("no service port " + port + " found for service \"" + name + "\"");
    }

    private static ApiException unavailable(String message) {
        return ApiException.of(Reason.SERVICE_UNAVAILABLE, message);
    }

    private List<Place.Pod> fromSlices(ObjectKey service, String portName) {
        List<Place.Pod> ready = new ArrayList<>();
        SLICES.ifPresent(type -> {
            ObjectFilter ofService =
                    ObjectFilter.parse(type, "kubernetes.io/service-name=" + service.name(), "");
            Extent extent =
                    new Extent(type, Optional.of(service.tenant()), service.namespace(), ofService);
            for (Served slice : reads.listCurrent(extent)) {
                int port = portNumber(slice.tree().path("ports"), portName);
                for (JsonNode endpoint : slice.tree().path("endpoints")) {
                    // KEP-752: no condition at all counts as ready.
                    if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                        add(ready, service, endpoint, port);
                    }
                }
            }
        });
        return ready;
    }

    private List<Place.Pod> fromEndpoints(ObjectKey service, String portName) {
        List<Place.Pod> ready = new ArrayList<>();
        reads.find(BuiltinTypes.ENDPOINTS, service.tenant(), service.namespace(), service.name())
                .ifPresent(endpoints -> {
                    for (JsonNode subset : endpoints.tree().path("subsets")) {
                        int port = portNumber(subset.path("ports"), portName);
                        for (JsonNode address : subset.path("addresses")) {
                            add(ready, service, address, port);
                        }
                    }
                });
        return ready;
    }

    /** 0 when there is none of that name. */
    private static int portNumber(JsonNode ports, String name) {
        for (JsonNode port : ports) {
            if (port.path("name").asString("").equals(name)) {
                return port.path("port").asInt(0);
            }
        }
        return 0;
    }

    /** A tenant may write Endpoints: a pod of another namespace is no more its service's pod. */
    private static void add(List<Place.Pod> ready, ObjectKey service, JsonNode endpoint, int port) {
        JsonNode target = endpoint.path("targetRef");
        String namespace = target.path("namespace").asString(service.namespace());
        if (port > 0
                && port < 65536
                && target.path("kind").asString("").equals("Pod")
                && namespace.equals(service.namespace())) {
            String pod = target.path("name").asString("");
            ready.add(
                    new Place.Pod(new ObjectKey(service.tenant(), service.namespace(), pod), port));
        }
    }
}
