package io.hypernetes.cli.assembly;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.identity.node.NodeAuthorizer;
import io.hypernetes.identity.pki.CertificateAuthority;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a machine must know of the installation that it joins: a ConfigMap in {@code kube-system} of
 * the operator's world, which nodes may read, as kubeadm's {@code kubelet-config}.
 *
 * @param networkHost the machine with the databases of networks
 * @param networkAuthority PEM
 * @param mtu of guests
 * @param services where services' addresses come from
 * @param nameServers who is asked for names outside of the cluster
 */
record ClusterFacts(
        String networkHost,
        String networkAuthority,
        int mtu,
        ServiceRanges services,
        List<InetSocketAddress> nameServers) {

    private static final ObjectKey KEY =
            new ObjectKey(Tenant.SYSTEM, "kube-system", NodeAuthorizer.CLUSTER);

    static ClusterFacts of(String host, CertificateAuthority authority, NetworkRules rules) {
        return new ClusterFacts(
                host,
                authority.networkAuthority().certificatePem(),
                rules.cluster().mtu(),
                rules.serviceRanges().orElse(ServiceRanges.DEFAULT),
                rules.nameServers());
    }

    /** Throws ApiException. */
    static ClusterFacts read(Client client) {
        JsonNode data = client.get(BuiltinTypes.CONFIG_MAPS, KEY).path("data");
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String server : data.path("nameServers").asString("").split(",", -1)) {
            int colon = server.lastIndexOf(':');
            if (colon > 0) {
                servers.add(
                        new InetSocketAddress(
                                server.substring(0, colon),
                                Integer.parseInt(server.substring(colon + 1))));
            }
        }
        return new ClusterFacts(
                data.path("networkHost").asString(""),
                data.path("networkAuthority").asString(""),
                Integer.parseInt(data.path("mtu").asString("0")),
                new ServiceRanges(List.of(data.path("serviceCidrs").asString("").split(",", -1))),
                servers);
    }

    void publish(Client client) {
        ObjectNode wanted = Json.object();
        wanted.putObject("metadata").put("name", KEY.name()).put("namespace", KEY.namespace());
        ObjectNode data = wanted.putObject("data");
        data.put("networkHost", networkHost).put("networkAuthority", networkAuthority);
        data.put("mtu", Integer.toString(mtu));
        data.put("serviceCidrs", String.join(",", services.cidrs()));
        data.put(
                "nameServers",
                String.join(
                        ",",
                        nameServers.stream()
                                .map(s -> s.getHostString() + ":" + s.getPort())
                                .toList()));
        Optional<ObjectNode> known = client.find(BuiltinTypes.CONFIG_MAPS, KEY);
        if (known.isEmpty()) {
            client.create(BuiltinTypes.CONFIG_MAPS, KEY.tenant(), wanted);
        } else if (!Json.same(known.get().path("data"), data)) {
            known.get().set("data", data);
            client.update(BuiltinTypes.CONFIG_MAPS, KEY.tenant(), known.get());
        }
    }
}
