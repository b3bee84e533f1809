package io.hypernetes.network.ovn;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.network.NetworkException;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * A subnet of a network, of IPv4 or IPv6, and which of its addresses pods may have.
 *
 * <p>Not given out: the network's and the broadcast address, the gateway, the third address (.2 in
 * a /24), which answers DNS, and the third last (.253), from which services are probed. In an IPv6
 * subnet the same places are reserved.
 *
 * @param family of all its addresses
 * @param first the network's address, as a number
 * @param prefixLength 8 to 29 bits of IPv4, 64 to 125 of IPv6
 * @param gatewayAddress as a number
 */
record Subnet(Family family, BigInteger first, int prefixLength, BigInteger gatewayAddress) {

    /** Of IP. */
    enum Family {
        IPV4(32, 8, 29),
        IPV6(128, 64, 125);

        private final int width;
        private final int shortest;
        private final int longest;

        Family(int width, int shortest, int longest) {
            this.width = width;
            this.shortest = shortest;
            this.longest = longest;
        }

        static Family of(String address) {
            return address.contains(":") ? IPV6 : IPV4;
        }

        /** As the language of OVN's rules calls it. */
        String field() {
            return this == IPV4 ? "ip4" : "ip6";
        }
    }

    /**
     * @throws NetworkException when it is not a subnet that pods can live in
     */
    static Subnet parse(String cidr, String gateway) {
        int slash = cidr.indexOf('/');
        if (slash < 0 || !cidr.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new NetworkException(
                    "'" + cidr + "' is not a subnet: write it as 10.0.0.0/24 or fd00:1::/64");
        }
        Family family = Family.of(cidr);
        int prefix = Integer.parseInt(cidr.substring(slash + 1));
        if (prefix < family.shortest || prefix > family.longest) {
            throw new NetworkException(
                    "the prefix of subnet %s must be from /%d to /%d"
                            .formatted(cidr, family.shortest, family.longest));
        }
        BigInteger address = number(family, cidr.substring(0, slash));
        int hostBits = family.width - prefix;
        BigInteger first = address.shiftRight(hostBits).shiftLeft(hostBits);
        if (!first.equals(address)) {
            throw new NetworkException(
                    "subnet %s has host bits set: use %s/%d"
                            .formatted(cidr, text(family, first), prefix));
        }
        Subnet subnet = new Subnet(family, first, prefix, number(family, gateway));
        if (!subnet.isHost(subnet.gatewayAddress)) {
            throw new NetworkException(
                    "gateway %s is not a host address of subnet %s".formatted(gateway, cidr));
        }
        if (subnet.gatewayAddress.equals(subnet.dns())
                || subnet.gatewayAddress.equals(subnet.prober())) {
            throw new NetworkException(
                    "gateway %s of subnet %s is reserved: use %s"
                            .formatted(gateway, cidr, text(family, first.add(BigInteger.ONE))));
        }
        return subnet;
    }

    /** The lowest address that no pod has. */
    Optional<String> lowestFree(Set<String> used) {
        BigInteger end = last();
        for (BigInteger address = first.add(BigInteger.ONE);
                address.compareTo(end) < 0;
                address = address.add(BigInteger.ONE)) {
            if (address.equals(gatewayAddress)
                    || address.equals(dns())
                    || address.equals(prober())) {
                continue;
            }
            String text = text(family, address);
            if (!used.contains(text)) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    boolean overlaps(Subnet other) {
        return family == other.family
                && first.compareTo(other.last()) <= 0
                && other.first.compareTo(last()) <= 0;
    }

    String cidr() {
        return text(family, first) + "/" + prefixLength;
    }

    String gateway() {
        return text(family, gatewayAddress);
    }

    /** Where a machine's own end answers. */
    String local() {
        return text(family, dns());
    }

    private BigInteger last() {
        BigInteger size = BigInteger.ONE.shiftLeft(family.width - prefixLength);
        return first.add(size).subtract(BigInteger.ONE);
    }

    private BigInteger dns() {
        return first.add(BigInteger.TWO);
    }

    private BigInteger prober() {
        return last().subtract(BigInteger.TWO);
    }

    private boolean isHost(BigInteger address) {
        return address.compareTo(first) > 0 && address.compareTo(last()) < 0;
    }

    /** The bytes of an address. */
    static byte[] bytes(String address) {
        if (!Addresses.isAddress(address)) {
            throw new NetworkException("'" + address + "' is not an address");
        }
        return InetAddress.ofLiteral(address).getAddress();
    }

    private static BigInteger number(Family family, String address) {
        boolean fits =
                family == Family.IPV4 ? Addresses.isIpv4(address) : Addresses.isIpv6(address);
        if (!fits) {
            throw new NetworkException(
                    "'%s' is not an IPv%d address"
                            .formatted(address, family == Family.IPV4 ? 4 : 6));
        }
        return new BigInteger(1, bytes(address));
    }

    private static String text(Family family, BigInteger address) {
        byte[] number = address.toByteArray(); // perhaps with a zero in front, perhaps short
        int width = family.width / 8;
        byte[] bytes = new byte[width];
        int length = Math.min(width, number.length);
        System.arraycopy(number, number.length - length, bytes, width - length, length);
        try {
            String text = InetAddress.getByAddress(bytes).getHostAddress();
            return family == Family.IPV4 ? text : Addresses.canonical(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(Arrays.toString(bytes) + " is no address", e);
        }
    }
}
