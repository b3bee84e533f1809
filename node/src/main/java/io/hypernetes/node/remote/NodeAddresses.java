package io.hypernetes.node.remote;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.InetSocketAddress;
import java.util.Optional;

/** Where machines listen, by what their nodes say. */
public record NodeAddresses(Client client) {

    /**
     * @throws ApiException when there is no such node, or it does not say
     */
    public InetSocketAddress of(String node) {
        return client.find(BuiltinTypes.NODES, new ObjectKey(Tenant.SYSTEM, "", node))
                .flatMap(NodeAddresses::address)
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.INTERNAL_ERROR,
                                "node " + node + " does not say where it listens"));
    }

    /**
     * Of one that is well, so that nobody waits for the others.
     *
     * @throws ApiException when it is not ready, or does not say
     */
    public InetSocketAddress ofReady(String node) {
        boolean ready =
                client.find(BuiltinTypes.NODES, new ObjectKey(Tenant.SYSTEM, "", node)).stream()
                        .flatMap(found -> found.at("/status/conditions").valueStream())
                        .anyMatch(condition ->
                                condition.path("type").asString("").equals("Ready")
                                        && condition.path("status").asString("").equals("True"));
        if (!ready) {
            throw ApiException.of(Reason.INTERNAL_ERROR, "node " + node + " is not ready");
        }
        return of(node);
    }

    private static Optional<InetSocketAddress> address(ObjectNode node) {
        int port =
                node.path("status")
                        .path("daemonEndpoints")
                        .path("kubeletEndpoint")
                        .path("Port")
                        .asInt(0);
        for (JsonNode address : node.path("status").path("addresses")) {
            if (address.path("type").asString("").equals("InternalIP") && port > 0) {
                return Optional.of(
                        new InetSocketAddress(address.path("address").asString(""), port));
            }
        }
        return Optional.empty();
    }
}
