package io.hypernetes.cli.assembly;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.Uplink;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the operator allows tenants' networks.
 *
 * @param uplink the way out; empty: there is none
 * @param serviceRanges where services' addresses come from; empty: from those that there are, which
 *     are the default ones in a new installation
 * @param nameServers who is asked for names outside of the cluster; none: nobody is
 * @param cluster this machine among others
 */
public record NetworkRules(
        Optional<ServiceRanges> serviceRanges,
        List<InetSocketAddress> nameServers,
        Optional<Uplink> uplink,
        ClusterRules cluster) {

    public static final NetworkRules NONE =
            new NetworkRules(Optional.empty(), List.of(), Optional.empty(), ClusterRules.ALONE);

    public NetworkRules {
        nameServers = List.copyOf(nameServers);
    }

    /** The same for an installation whose services have these addresses. */
    NetworkRules with(ServiceRanges ranges) {
        return new NetworkRules(Optional.of(ranges), nameServers, uplink, cluster);
    }
}
