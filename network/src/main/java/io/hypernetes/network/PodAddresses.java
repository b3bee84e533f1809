package io.hypernetes.network;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * The addresses that a pod's status tells.
 *
 * @param all at most one of each family, the main one first
 */
public record PodAddresses(List<String> all) {

    public PodAddresses {
        all = List.copyOf(all);
    }

    public static PodAddresses of(ObjectNode pod) {
        JsonNode status = pod.path("status");
        String main = status.path("podIP").asString("");
        List<String> all =
                status.path("podIPs")
                        .valueStream()
                        .map(entry -> entry.path("ip").asString(""))
                        .filter(address -> !address.isEmpty())
                        .toList();
        return new PodAddresses(all.isEmpty() && !main.isEmpty() ? List.of(main) : all);
    }
}
