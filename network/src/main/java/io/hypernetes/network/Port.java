package io.hypernetes.network;

/**
 * A port as the pod's virtual machine sees it.
 *
 * @param tap the TAP device on this machine, at most 15 characters
 * @param netns the file of the network namespace that the TAP is in; whoever opens the TAP must run
 *     there ({@code nsenter --net=FILE})
 * @param mac for instance {@code 02:00:0a:00:00:0b}
 * @param address the pod's IPv4 address
 * @param prefixLength of the subnet
 * @param gateway next hop of the default route
 * @param nameServer that the network has
 * @param mtu in bytes, to be set on the guest's interface
 */
public record Port(
        PortId id,
        NetworkId network,
        String tap,
        String netns,
        String mac,
        String address,
        int prefixLength,
        String gateway,
        String nameServer,
        int mtu) {}
