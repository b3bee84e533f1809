package io.hypernetes.runtime.agent;

import java.util.List;

/**
 * What a sandbox is called and how it is connected.
 *
 * @param mac of the NIC to configure; empty for a sandbox with the loopback interface alone
 * @param address IPv4, ignored without MAC
 * @param gateway next hop of the default route; empty for none
 * @param resolvConf content of {@code /etc/resolv.conf} in every container
 * @param hosts content of {@code /etc/hosts} in every container
 */
public record GuestNetwork(
        String hostname,
        String mac,
        String address,
        int prefixLength,
        String gateway,
        int mtu,
        List<String> resolvConf,
        String hosts) {
    public GuestNetwork {
        resolvConf = List.copyOf(resolvConf);
    }
}
