package io.hypernetes.controllers.endpoint;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.stream.Stream;

/** One pod, as an endpoint of a service. */
record PodEndpoint(ServiceView service, ObjectNode pod) {

    /** Its address of a family; empty when it has none, or when it has ended. */
    Optional<String> address(String addressType) {
        String phase = pod.path("status").path("phase").asString("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return Optional.empty();
        }
        JsonNode status = pod.path("status");
        Stream<String> all =
                status.path("podIPs").isEmpty()
                        ? Stream.of(status.path("podIP").asString(""))
                        : status.path("podIPs").valueStream().map(ip -> ip.path("ip").asString(""));
        return all.filter(ip -> !ip.isEmpty())
                .filter(ip -> ip.contains(":") == addressType.equals("IPv6"))
                .findFirst();
    }

    boolean isTerminating() {
        return Metadata.isBeingDeleted(pod);
    }

    private boolean isServing() {
        return pod.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(c ->
                        c.path("type").asString("").equals("Ready")
                                && c.path("status").asString("").equals("True"));
    }

    /** Whether traffic should come: for the older Endpoints, which know nothing else. */
    boolean isReady() {
        return service.publishNotReady() || isServing();
    }

    /** As an endpoint of a slice (KEP-1672). */
    ObjectNode inSlice(String address) {
        ObjectNode endpoint = Json.object();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions")
                .put("ready", service.publishNotReady() || (isServing() && !isTerminating()))
                .put("serving", isServing())
                .put("terminating", isTerminating());
        named(endpoint);
        // Pods have the zones of their nodes (KEP-4742).
        String zone = Metadata.label(pod, "topology.kubernetes.io/zone");
        if (!zone.isEmpty()) {
            endpoint.put("zone", zone);
        }
        hint(endpoint, zone);
        return endpoint;
    }

    private void hint(ObjectNode endpoint, String zone) {
        String node = endpoint.path("nodeName").asString("");
        boolean ready = endpoint.path("conditions").path("ready").asBoolean();
        if (ready && service.prefersZone() && !zone.isEmpty()) {
            endpoint.withObjectProperty("hints").putArray("forZones").addObject().put("name", zone);
        }
        if (ready && service.prefersNode() && !node.isEmpty()) {
            endpoint.withObjectProperty("hints").putArray("forNodes").addObject().put("name", node);
        }
    }

    /** As an address of Endpoints. */
    ObjectNode inEndpoints(String address) {
        ObjectNode endpoint = Json.object().put("ip", address);
        named(endpoint);
        return endpoint;
    }

    private void named(ObjectNode endpoint) {
        JsonNode spec = pod.path("spec");
        String hostname = spec.path("hostname").asString("");
        if (!hostname.isEmpty() && spec.path("subdomain").asString("").equals(service.name())) {
            endpoint.put("hostname", hostname);
        }
        endpoint.putObject("targetRef")
                .put("kind", "Pod")
                .put("namespace", Metadata.namespace(pod))
                .put("name", Metadata.name(pod))
                .put("uid", Metadata.uid(pod));
        String node = spec.path("nodeName").asString("");
        if (!node.isEmpty()) {
            endpoint.put("nodeName", node);
        }
    }

    /** The service's ports as this pod has them: a name may mean another number in each pod. */
    ArrayNode ports() {
        ArrayNode ports = Json.object().putArray("ports");
        for (JsonNode port : service.ports()) {
            int number = number(port);
            if (number > 0) {
                ObjectNode resolved =
                        ports.addObject()
                                .put("name", port.path("name").asString(""))
                                .put("port", number)
                                .put("protocol", port.path("protocol").asString("TCP"));
                if (port.has("appProtocol")) {
                    resolved.set("appProtocol", port.get("appProtocol"));
                }
            }
        }
        return ports;
    }

    /** 0 when the pod has no port of that name. */
    private int number(JsonNode servicePort) {
        JsonNode target = servicePort.path("targetPort");
        if (target.isString()) {
            return named(target.stringValue(), servicePort.path("protocol").asString("TCP"));
        }
        return target.asInt(0) > 0 ? target.asInt() : servicePort.path("port").asInt(0);
    }

    private int named(String name, String protocol) {
        Stream<JsonNode> sidecars =
                pod.path("spec")
                        .path("initContainers")
                        .valueStream()
                        .filter(c -> c.path("restartPolicy").asString("").equals("Always"));
        return Stream.concat(pod.path("spec").path("containers").valueStream(), sidecars)
                .flatMap(container -> container.path("ports").valueStream())
                .filter(port -> port.path("name").asString("").equals(name))
                .filter(port -> port.path("protocol").asString("TCP").equals(protocol))
                .mapToInt(port -> port.path("containerPort").asInt(0))
                .findFirst()
                .orElse(0);
    }
}
