package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.cri.v1.DNSConfig;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pod's {@code resolv.conf} and {@code hosts} say. The first by its {@code dnsPolicy} and
 * {@code dnsConfig}. With {@code Default} a pod elsewhere asks its node's name servers; here
 * nothing of the node can be reached, so it asks its network's, without the cluster's search path.
 */
final class PodDns {

    private static final String DOMAIN = "cluster.local";

    /** What the C library reads (resolv.conf(5)); upstream's kubelet cuts off there too. */
    private static final int MOST_SERVERS = 3;

    private static final int MOST_SEARCHES = 32;

    private PodDns() {}

    /**
     * @param server of the pod's network; empty on the host's, where the runtime copies what the
     *     host has when nothing else is said
     */
    static DNSConfig of(ObjectNode pod, Optional<String> server) {
        JsonNode config = pod.path("spec").path("dnsConfig");
        Set<String> servers = new LinkedHashSet<>();
        Set<String> searches = new LinkedHashSet<>();
        Map<String, String> options = new LinkedHashMap<>();
        switch (pod.path("spec").path("dnsPolicy").asString("ClusterFirst")) {
            case "None" -> {}
            case "Default" -> server.ifPresent(servers::add);
            default -> {
                if (server.isEmpty()) {
                    break;
                }
                servers.add(server.get());
                searches.addAll(
                        List.of(
                                Metadata.namespace(pod) + ".svc." + DOMAIN,
                                "svc." + DOMAIN,
                                DOMAIN));
                options.put("ndots", "ndots:5");
            }
        }
        config.path("nameservers").forEach(more -> servers.add(more.asString("")));
        config.path("searches").forEach(more -> searches.add(more.asString("")));
        for (JsonNode option : config.path("options")) {
            String name = option.path("name").asString("");
            String value = option.path("value").asString("");
            options.put(name, value.isEmpty() ? name : name + ":" + value);
        }
        return DNSConfig.newBuilder()
                .addAllServers(servers.stream().limit(MOST_SERVERS).toList())
                .addAllSearches(searches.stream().limit(MOST_SEARCHES).toList())
                .addAllOptions(options.values())
                .build();
    }

    /** The name under which others find a pod that has a subdomain. */
    static Optional<String> wholeName(ObjectNode pod, String hostname) {
        JsonNode spec = pod.path("spec");
        String subdomain = spec.path("subdomain").asString("");
        return subdomain.isEmpty() || spec.has("hostnameOverride")
                ? Optional.empty()
                : Optional.of(
                        String.join(
                                ".", hostname, subdomain, Metadata.namespace(pod), "svc", DOMAIN));
    }

    /**
     * What {@code /etc/hosts} says beside the loopback names: the pod's whole name when it has a
     * subdomain, and its {@code hostAliases}.
     */
    static String hosts(ObjectNode pod, String hostname, List<String> addresses) {
        JsonNode spec = pod.path("spec");
        StringBuilder hosts = new StringBuilder();
        wholeName(pod, hostname)
                .map(whole -> "\t" + whole + "\t" + hostname + "\n")
                .ifPresent(
                        names -> addresses.forEach(address -> hosts.append(address).append(names)));
        for (JsonNode alias : spec.path("hostAliases")) {
            hosts.append(alias.path("ip").asString(""));
            alias.path("hostnames").forEach(name -> hosts.append('\t').append(name.asString("")));
            hosts.append('\n');
        }
        return hosts.toString();
    }
}
