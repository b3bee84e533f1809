package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The variables that tell a container where services are, as Docker's links did. {@code kubernetes}
 * is always among them: client libraries find the API by it.
 */
final class ServiceEnvironment {

    private static final String API_NAMESPACE = "default";
    private static final String API = "kubernetes";

    private final Client client;

    ServiceEnvironment(Client client) {
        this.client = client;
    }

    /**
     * @param podIps services are named by an address of a family that the pod has, too
     */
    void addTo(
            Map<String, String> environment, Tenant tenant, ObjectNode pod, List<String> podIps) {
        ObjectKey api = new ObjectKey(tenant, API_NAMESPACE, API);
        client.find(BuiltinTypes.SERVICES, api)
                .ifPresent(service -> add(environment, service, podIps));
        if (!pod.path("spec").path("enableServiceLinks").asBoolean(true)) {
            return;
        }
        Selection neighbours = Selection.of(tenant, Metadata.namespace(pod));
        for (TenantObject service : client.list(BuiltinTypes.SERVICES, neighbours).items()) {
            add(environment, service.object(), podIps);
        }
    }

    static void add(Map<String, String> environment, ObjectNode service, List<String> podIps) {
        String address = address(service.path("spec"), podIps);
        JsonNode ports = service.path("spec").path("ports");
        if (address.isEmpty() || address.equals("None") || ports.isEmpty()) {
            return;
        }
        String name = variable(Metadata.name(service));
        environment.put(name + "_SERVICE_HOST", address);
        environment.put(name + "_SERVICE_PORT", ports.path(0).path("port").asString());
        environment.put(name + "_PORT", url(ports.path(0), address));
        for (JsonNode port : ports) {
            String number = port.path("port").asString();
            String portName = port.path("name").asString("");
            if (!portName.isEmpty()) {
                environment.put(name + "_SERVICE_PORT_" + variable(portName), number);
            }
            String protocol = port.path("protocol").asString("TCP");
            String prefix = name + "_PORT_" + number + "_" + protocol;
            environment.put(prefix, url(port, address));
            environment.put(prefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
            environment.put(prefix + "_PORT", number);
            environment.put(prefix + "_ADDR", address);
        }
    }

    private static String address(JsonNode spec, List<String> podIps) {
        return spec.path("clusterIPs")
                .valueStream()
                .map(address -> address.asString(""))
                .filter(address ->
                        podIps.stream().anyMatch(ip -> ip.contains(":") == address.contains(":")))
                .findFirst()
                .orElse(spec.path("clusterIP").asString(""));
    }

    private static String url(JsonNode port, String address) {
        return port.path("protocol").asString("TCP").toLowerCase(Locale.ROOT)
                + "://"
                + (address.contains(":") ? "[" + address + "]" : address)
                + ":"
                + port.path("port").asString();
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
