package io.hypernetes.scheduler.cluster;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/**
 * A port of the node itself, which only the operator's own pods may ask for.
 *
 * @param address empty: all of the node's
 */
public record HostPort(String address, String protocol, int port) {

    static Set<HostPort> all(JsonNode spec) {
        Set<HostPort> all = new HashSet<>();
        for (JsonNode container : spec.path("containers")) {
            add(all, container);
        }
        for (JsonNode container : spec.path("initContainers")) {
            if (container.path("restartPolicy").asString("").equals("Always")) {
                add(all, container);
            }
        }
        return Set.copyOf(all);
    }

    private static void add(Set<HostPort> all, JsonNode container) {
        for (JsonNode port : container.path("ports")) {
            int number = port.path("hostPort").asInt(0);
            if (number > 0) {
                String address = port.path("hostIP").asString("");
                all.add(
                        new HostPort(
                                address.equals("0.0.0.0") ? "" : address,
                                port.path("protocol").asString("TCP"),
                                number));
            }
        }
    }

    public boolean conflictsWith(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (address.isEmpty() || other.address.isEmpty() || address.equals(other.address));
    }
}
