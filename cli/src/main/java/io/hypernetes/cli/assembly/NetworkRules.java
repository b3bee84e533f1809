package io.hypernetes.cli.assembly;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What the operator allows tenants' networks.
 *
 * @param nameServers who is asked for names outside of the cluster; none: nobody is
 */
public record NetworkRules(List<InetSocketAddress> nameServers) {

    public static final NetworkRules NONE = new NetworkRules(List.of());

    public NetworkRules {
        nameServers = List.copyOf(nameServers);
    }
}
