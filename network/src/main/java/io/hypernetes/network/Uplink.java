package io.hypernetes.network;

import java.util.List;

/**
 * The operator's way out of tenants' networks.
 *
 * @param device of the machine that leads outside; it is taken into the switch's namespace
 * @param cidr the range outside, for instance {@code 192.0.2.0/24}
 * @param gateway the next hop, in that range
 * @param first of the addresses that tenants may be given
 * @param last of them
 * @param closed ranges that pods do not reach, beside what is never a way out
 */
public record Uplink(
        String device,
        String cidr,
        String gateway,
        String first,
        String last,
        List<String> closed) {

    public Uplink {
        closed = List.copyOf(closed);
    }
}
