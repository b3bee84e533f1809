package io.hypernetes.server.service;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ServiceSpec;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.ObjectPath;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Gives services their node ports, also that of a health check. A port in use is a key of no kind
 * that is served: upstream has no object for it either.
 */
final class NodePorts {
    private static final int FIRST = 30_000;
    private static final int LAST = 32_767;

    /** Ports from here on are given to who asks for any (KEP-3668). */
    private static final int FIRST_DYNAMIC = 30_086;

    private static final String TAKEN = "provided port is already allocated";
    private static final String OUTSIDE =
            "provided port is not in the valid range. The range of valid ports is 30000-32767";

    private final Reads reads;
    private final RandomGenerator random;

    NodePorts(Reads reads, RandomGenerator random) {
        this.reads = reads;
        this.random = random;
    }

    /** Ports that the service had before stay its own. */
    void allocate(Tenant tenant, ObjectNode service, Optional<ServiceSpec> before, Taking taking) {
        ServiceSpec now = ServiceSpec.of(service);
        Set<Integer> held = before.map(NodePorts::of).orElse(Set.of());
        if (now.usesNodePorts()) {
            ports(tenant, service, now, held, taking);
        }
        boolean checked =
                now.healthCheckNodePort() != 0
                        && before.filter(ServiceSpec::needsHealthCheck).isPresent();
        if (now.needsHealthCheck() && !checked) {
            healthCheck(tenant, service, now, held, taking);
        }
    }

    private void ports(
            Tenant tenant, ObjectNode service, ServiceSpec now, Set<Integer> held, Taking taking) {
        List<ObjectNode> ports = now.ports();
        Map<Integer, Integer> byNumber = new HashMap<>();
        Set<Integer> mine = new HashSet<>(held);
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            int asked = ServiceSpec.nodePort(port);
            int number = port.path("port").asInt(0);
            if (asked == 0 && !now.allocatesNodePorts()) {
                continue;
            }
            // TCP and UDP of one port share a node port, as of a DNS service.
            int wanted = asked != 0 ? asked : byNumber.getOrDefault(number, asked(ports, number));
            if (wanted == 0) {
                wanted = free(tenant, taking);
                take(tenant, service, wanted, taking);
            } else if (!mine.contains(wanted)) {
                String refusal = refusal(tenant, wanted);
                if (!refusal.isEmpty()) {
                    throw refused(service, "spec.ports[" + i + "].nodePort", wanted, refusal);
                }
                take(tenant, service, wanted, taking);
            }
            mine.add(wanted);
            byNumber.put(number, wanted);
            port.put("nodePort", wanted);
        }
    }

    /** What another entry for the same port asks for; 0 when none does. */
    private static int asked(List<ObjectNode> ports, int number) {
        return ports.stream()
                .filter(port -> port.path("port").asInt(0) == number)
                .map(ServiceSpec::nodePort)
                .filter(nodePort -> nodePort != 0)
                .findFirst()
                .orElse(0);
    }

    private void healthCheck(
            Tenant tenant, ObjectNode service, ServiceSpec now, Set<Integer> held, Taking taking) {
        int asked = now.healthCheckNodePort();
        if (asked == 0) {
            int found = free(tenant, taking);
            take(tenant, service, found, taking);
            ((ObjectNode) service.get("spec")).put("healthCheckNodePort", found);
            return;
        }
        if (held.contains(asked)) {
            return;
        }
        String refusal = taking.has(path(tenant, asked).key()) ? TAKEN : refusal(tenant, asked);
        if (!refusal.isEmpty()) {
            throw ApiException.of(
                    Reason.INTERNAL_ERROR,
                    "Internal error occurred: failed to allocate requested HealthCheck NodePort "
                            + asked
                            + ": "
                            + refusal);
        }
        take(tenant, service, asked, taking);
    }

    void release(Tenant tenant, Set<Integer> ports, Taking taking) {
        for (int port : ports) {
            reads.at(path(tenant, port)).ifPresent(taking::release);
        }
    }

    /** Those of its ports and of its health check. */
    static Set<Integer> of(ServiceSpec service) {
        Set<Integer> ports = new HashSet<>(service.nodePorts());
        if (service.healthCheckNodePort() != 0) {
            ports.add(service.healthCheckNodePort());
        }
        return ports;
    }

    private String refusal(Tenant tenant, int port) {
        if (port < FIRST || port > LAST) {
            return OUTSIDE;
        }
        return reads.at(path(tenant, port)).isPresent() ? TAKEN : "";
    }

    private int free(Tenant tenant, Taking taking) {
        List<Integer> order = new ArrayList<>();
        int start = random.nextInt(FIRST_DYNAMIC, LAST + 1);
        for (int i = 0; i <= LAST - FIRST_DYNAMIC; i++) {
            int port = start + i;
            order.add(port <= LAST ? port : port - (LAST - FIRST_DYNAMIC + 1));
        }
        for (int port = FIRST; port < FIRST_DYNAMIC; port++) {
            order.add(port);
        }
        for (int port : order) {
            ObjectPath path = path(tenant, port);
            if (!taking.has(path.key()) && reads.at(path).isEmpty()) {
                return port;
            }
        }
        throw ApiException.of(
                Reason.INTERNAL_ERROR,
                "Internal error occurred: failed to allocate a nodePort: range is full");
    }

    private static void take(Tenant tenant, ObjectNode service, int port, Taking taking) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", Integer.toString(port));
        object.putObject("service")
                .put("namespace", Metadata.namespace(service))
                .put("name", Metadata.name(service));
        taking.take(path(tenant, port).key(), Json.writeStored(object));
    }

    private static ApiException refused(ObjectNode service, String field, int port, String why) {
        return ApiException.invalid(
                BuiltinTypes.SERVICES.groupVersionKind(),
                Metadata.name(service),
                List.of(FieldError.invalid(field, Integer.toString(port), why)));
    }

    private static ObjectPath path(Tenant tenant, int port) {
        return new ObjectPath("", "servicenodeports", tenant.name(), "", Integer.toString(port));
    }
}
