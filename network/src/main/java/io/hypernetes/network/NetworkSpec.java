package io.hypernetes.network;

import java.util.List;

/**
 * What a network is to be.
 *
 * @param first where the network's own addresses are, its name server's for instance
 * @param more further subnets, in the order in which pods fill them once those before are full
 */
public record NetworkSpec(NetworkId id, Range first, List<Range> more) {

    /**
     * A subnet.
     *
     * @param cidr of IPv4, for instance {@code 10.0.0.0/24}
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
