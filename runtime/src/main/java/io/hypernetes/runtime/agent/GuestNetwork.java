package io.hypernetes.runtime.agent;

import io.hypernetes.cri.SandboxNic;

import java.util.List;

/**
 * What a sandbox is called and how it is connected.
 *
 * @param mac of the NIC to configure; empty for a sandbox with the loopback interface alone
 * @param addresses ignored without MAC
 * @param resolvConf content of {@code /etc/resolv.conf} in every container
 * @param hosts content of {@code /etc/hosts} in every container
 */
public record GuestNetwork(
        String hostname,
        String mac,
        List<SandboxNic.Address> addresses,
        int mtu,
        List<String> resolvConf,
        String hosts) {
    public GuestNetwork {
        addresses = List.copyOf(addresses);
        resolvConf = List.copyOf(resolvConf);
    }
}
