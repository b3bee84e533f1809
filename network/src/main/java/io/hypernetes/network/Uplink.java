package io.hypernetes.network;

import io.hypernetes.api.names.Addresses;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * The operator's way out of tenants' networks.
 *
 * @param device of the machine that leads outside; it is taken into the switch's namespace
 * @param cidr the range outside, for instance {@code 192.0.2.0/24}
 * @param gateway the next hop, in that range
 * @param first of the addresses that tenants may be given
 * @param last of them
 * @param closed ranges of either family that pods do not reach, beside what is never a way out
 * @param ipv6 the same device's range of IPv6; none closes it to IPv6
 */
public record Uplink(
        String device,
        String cidr,
        String gateway,
        String first,
        String last,
        List<String> closed,
        Optional<Ipv6> ipv6) {

    /**
     * A range of IPv6 beside that of IPv4.
     *
     * @param cidr of 96 bits at most, for instance {@code 2001:db8::/64}
     * @param gateway the next hop, in that range
     */
    public record Ipv6(String cidr, String gateway) {

        private static final int WIDTH = 16;

        /**
         * Who has an address of the pool has this one too: the range with that address in its last
         * 32 bits, {@code 2001:db8::192.0.2.100}. So there is nothing more to be given out.
         */
        public String beside(String ipv4) {
            byte[] inner = InetAddress.ofLiteral(ipv4).getAddress();
            byte[] address = InetAddress.ofLiteral(cidr.split("/", 2)[0]).getAddress();
            System.arraycopy(inner, 0, address, WIDTH - inner.length, inner.length);
            try {
                return Addresses.canonical(InetAddress.getByAddress(address).getHostAddress());
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e); // it has sixteen bytes
            }
        }
    }

    public Uplink {
        closed = List.copyOf(closed);
    }

    /** What an owner of an address of the pool has: that, and the one of IPv6 beside it. */
    public List<String> addresses(String pooled) {
        return ipv6.map(range -> List.of(pooled, range.beside(pooled))).orElse(List.of(pooled));
    }

    /** Without IPv6. */
    public Uplink(
            String device,
            String cidr,
            String gateway,
            String first,
            String last,
            List<String> closed) {
        this(device, cidr, gateway, first, last, closed, Optional.empty());
    }
}
