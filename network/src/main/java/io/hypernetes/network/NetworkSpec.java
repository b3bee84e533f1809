package io.hypernetes.network;

import java.util.List;

/**
 * What a network is to be. Its pods have an address of each family, IPv4 and IPv6, that it has a
 * range of.
 *
 * @param first where the network's own addresses are, its name server's for instance; of its family
 *     is the first address of each pod
 * @param more further subnets of either family, in the order in which pods fill them once those
 *     before are full
 */
public record NetworkSpec(NetworkId id, Range first, List<Range> more) {

    /**
     * A subnet.
     *
     * @param cidr for instance {@code 10.0.0.0/24} or {@code fd00:1::/64}
     * @param gateway the router's address inside it
     */
    public record Range(String cidr, String gateway) {}

    public NetworkSpec {
        more = List.copyOf(more);
    }

    /** A network of one subnet. */
    public NetworkSpec(NetworkId id, String cidr, String gateway) {
        this(id, new Range(cidr, gateway), List.of());
    }
}
