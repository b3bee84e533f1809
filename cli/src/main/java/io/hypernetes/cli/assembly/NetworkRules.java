package io.hypernetes.cli.assembly;

import io.hypernetes.network.Uplink;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the operator allows tenants' networks.
 *
 * @param uplink the way out; empty: there is none
 * @param nameServers who is asked for names outside of the cluster; none: nobody is
 * @param cluster this machine among others
 */
public record NetworkRules(
        List<InetSocketAddress> nameServers, Optional<Uplink> uplink, ClusterRules cluster) {

    public static final NetworkRules NONE =
            new NetworkRules(List.of(), Optional.empty(), ClusterRules.ALONE);

    public NetworkRules {
        nameServers = List.copyOf(nameServers);
    }
}
