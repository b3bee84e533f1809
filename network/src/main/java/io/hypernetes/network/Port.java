package io.hypernetes.network;

import java.util.List;

/**
 * A port as the pod sees it.
 *
 * @param tap the TAP device on this machine, at most 15 characters; the switch's end of the cable
 *     of a pod that is no virtual machine
 * @param netns the file of the network namespace that the TAP is in; whoever opens the TAP must run
 *     there ({@code nsenter --net=FILE})
 * @param mac for instance {@code 02:00:0a:00:00:0b}
 * @param addresses the pod's own, at most one of IPv4 and one of IPv6, the main one first
 * @param nameServer that the network has
 * @param mtu in bytes, to be set on the guest's interface
 */
public record Port(
        PortId id,
        NetworkId network,
        String tap,
        String netns,
        String mac,
        List<Address> addresses,
        String nameServer,
        int mtu) {

    /**
     * An address of a pod.
     *
     * @param prefixLength of its subnet
     * @param gateway next hop of the default route of its family
     */
    public record Address(String ip, int prefixLength, String gateway) {}

    public Port {
        addresses = List.copyOf(addresses);
    }

    /** The main address. */
    public String address() {
        return addresses.getFirst().ip();
    }

    /** All addresses, the main one first. */
    public List<String> ips() {
        return addresses.stream().map(Address::ip).toList();
    }
}
