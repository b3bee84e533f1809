package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkException;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The IPv4 subnet of a network and which of its addresses pods may have.
 *
 * <p>Not given out: the network's and the broadcast address, the gateway, the third address (.2 in
 * a /24), which answers DNS, and the third last (.253), from which services are probed.
 *
 * @param first the network's address, as a number
 * @param prefixLength 8 to 29
 * @param gatewayAddress as a number
 */
record Subnet(long first, int prefixLength, long gatewayAddress) {

    private static final int SHORTEST_PREFIX = 8;
    private static final int LONGEST_PREFIX = 29;
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern ADDRESS =
            Pattern.compile(BYTE + "\\." + BYTE + "\\." + BYTE + "\\." + BYTE);

    /**
     * @throws NetworkException when it is not a subnet that pods can live in
     */
    static Subnet parse(String cidr, String gateway) {
        int slash = cidr.indexOf('/');
        if (slash < 0 || !cidr.substring(slash + 1).matches("[0-9]{1,2}")) {
            throw new NetworkException("'" + cidr + "' is not a subnet: write it as 10.0.0.0/24");
        }
        int prefix = Integer.parseInt(cidr.substring(slash + 1));
        if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
            throw new NetworkException(
                    "the prefix of subnet %s must be from /%d to /%d"
                            .formatted(cidr, SHORTEST_PREFIX, LONGEST_PREFIX));
        }
        long first = number(cidr.substring(0, slash));
        long mask = -1L << (32 - prefix);
        if ((first & mask) != first) {
            throw new NetworkException(
                    "subnet %s has host bits set: use %s/%d"
                            .formatted(cidr, text(first & mask), prefix));
        }
        Subnet subnet = new Subnet(first, prefix, number(gateway));
        if (!subnet.isHost(subnet.gatewayAddress)) {
            throw new NetworkException(
                    "gateway %s is not a host address of subnet %s".formatted(gateway, cidr));
        }
        if (subnet.gatewayAddress == subnet.dns() || subnet.gatewayAddress == subnet.prober()) {
            throw new NetworkException(
                    "gateway %s of subnet %s is reserved: use %s"
                            .formatted(gateway, cidr, text(first + 1)));
        }
        return subnet;
    }

    /** The lowest address that no pod has. */
    Optional<String> lowestFree(Set<String> used) {
        for (long address = first + 1; address < broadcast(); address++) {
            if (address == gatewayAddress || address == dns() || address == prober()) {
                continue;
            }
            String text = text(address);
            if (!used.contains(text)) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    boolean overlaps(Subnet other) {
        return first <= other.broadcast() && other.first <= broadcast();
    }

    String cidr() {
        return text(first) + "/" + prefixLength;
    }

    String gateway() {
        return text(gatewayAddress);
    }

    /** Where a machine's own end answers. */
    String local() {
        return text(dns());
    }

    private long broadcast() {
        return first + (1L << (32 - prefixLength)) - 1;
    }

    private long dns() {
        return first + 2;
    }

    private long prober() {
        return broadcast() - 2;
    }

    private boolean isHost(long address) {
        return address > first && address < broadcast();
    }

    static long number(String address) {
        Matcher bytes = ADDRESS.matcher(address);
        if (!bytes.matches()) {
            throw new NetworkException("'" + address + "' is not an IPv4 address");
        }
        long number = 0;
        for (int i = 1; i <= 4; i++) {
            number = number << 8 | Integer.parseInt(bytes.group(i));
        }
        return number;
    }

    private static String text(long address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >> 24 & 0xff,
                        address >> 16 & 0xff,
                        address >> 8 & 0xff,
                        address & 0xff);
    }
}
