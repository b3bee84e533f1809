package io.hypernetes.api.types.networking;

import io.hypernetes.api.names.Addresses;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Where the addresses of Services come from in every world of an installation: a range of one
 * family of addresses, or one of each.
 *
 * @param cidrs the first is of the family that services have if they do not ask for another
 */
public record ServiceRanges(List<String> cidrs) {

    public static final ServiceRanges DEFAULT =
            new ServiceRanges(List.of("10.96.0.0/12", "fd00:10:96::/108"));

    /** What the allocator of addresses can look through, as upstream's. */
    private static final int MOST_HOST_BITS = 20;

    private static final int LEAST_HOST_BITS = 3;

    /**
     * @throws IllegalArgumentException saying what is wrong
     */
    public ServiceRanges {
        cidrs = List.copyOf(cidrs);
        if (cidrs.isEmpty() || cidrs.size() > 2) {
            throw new IllegalArgumentException(
                    "one range of service addresses is needed, or one of IPv4 and one of IPv6");
        }
        for (String cidr : cidrs) {
            List<String> wrong = Addresses.canonicalRange(cidr);
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(cidr + ": " + wrong.getFirst());
            }
            Prefix prefix = Prefix.parse(cidr);
            int hostBits = prefix.width() - prefix.length();
            if (hostBits < LEAST_HOST_BITS || hostBits > MOST_HOST_BITS) {
                throw new IllegalArgumentException(
                        "%s: the prefix must be between %d and %d, inclusive"
                                .formatted(
                                        cidr,
                                        prefix.width() - MOST_HOST_BITS,
                                        prefix.width() - LEAST_HOST_BITS));
            }
        }
        if (cidrs.stream().map(cidr -> cidr.contains(":")).distinct().count() < cidrs.size()) {
            throw new IllegalArgumentException(
                    "two ranges of service addresses must be of IPv4 and of IPv6: "
                            + String.join(", ", cidrs));
        }
    }

    /** The addresses of the service {@code kubernetes}: the first of each range. */
    public List<String> apiAddresses() {
        return cidrs.stream().map(ServiceRanges::first).toList();
    }

    private static String first(String cidr) {
        byte[] bytes = InetAddress.ofLiteral(cidr.substring(0, cidr.indexOf('/'))).getAddress();
        // A range with room for eight does not carry over into the next byte.
        bytes[bytes.length - 1] |= 1;
        try {
            return Addresses.canonical(InetAddress.getByAddress(bytes).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
