package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.types.networking.Prefix;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A range of addresses that a network can have: of IPv4 with 16 to 29 bits that all share, of IPv6
 * with 64 to 125. More hosts than one switch should carry, or room for fewer than a gateway and a
 * few pods, is refused.
 */
public record Cidr(Prefix range) {

    private static final String FORM =
            "must be a range of addresses, for instance 10.0.0.0/24 or fd00:1::/64";

    /** What a network inside may have of IPv6: global and unique local addresses (RFC 4291). */
    private static final List<Prefix> UNICAST =
            List.of(Prefix.parse("2000::/3"), Prefix.parse("fc00::/7"));

    /**
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Cidr parse(String text) {
        if (!Addresses.range(text).isEmpty()) {
            throw new IllegalArgumentException(FORM);
        }
        Prefix range = Prefix.parse(text);
        boolean ipv6 = range.width() == 128;
        int least = ipv6 ? 64 : 16;
        int most = ipv6 ? 125 : 29;
        if (range.length() < least || range.length() > most) {
            throw new IllegalArgumentException(
                    "the prefix must be between %d and %d, inclusive".formatted(least, most));
        }
        if (ipv6 && UNICAST.stream().noneMatch(known -> known.overlaps(range))) {
            throw new IllegalArgumentException("must be within 2000::/3 or fc00::/7");
        }
        int hostBits = range.width() - range.length();
        BigInteger base = range.address().shiftRight(hostBits).shiftLeft(hostBits);
        Cidr cidr = new Cidr(new Prefix(range.width(), base, range.length()));
        if (!cidr.range.equals(range)) {
            throw new IllegalArgumentException(
                    "must begin at the first address of its range: " + cidr);
        }
        return cidr;
    }

    /**
     * @throws IllegalArgumentException saying what is wrong, also of a range of IPv4
     */
    static Cidr parseIpv6(String text) {
        Cidr cidr = parse(text);
        if (cidr.range.width() != 128) {
            throw new IllegalArgumentException(
                    "must be a range of IPv6 addresses, for instance fd00:1::/64");
        }
        return cidr;
    }

    /** Whether the address is in the range and neither its first nor its last. */
    boolean hasHost(String text) {
        if (!Addresses.isAddress(text) || !range.contains(text)) {
            return false;
        }
        BigInteger address = new BigInteger(1, InetAddress.ofLiteral(text).getAddress());
        BigInteger size = BigInteger.ONE.shiftLeft(range.width() - range.length());
        return address.compareTo(range.address()) > 0
                && address.compareTo(range.address().add(size).subtract(BigInteger.ONE)) < 0;
    }

    /** By custom the router's. */
    public String firstHost() {
        return text(range.address().add(BigInteger.ONE));
    }

    @Override
    public String toString() {
        return text(range.address()) + "/" + range.length();
    }

    private String text(BigInteger address) {
        byte[] number = address.toByteArray(); // perhaps with a zero in front, perhaps short
        byte[] bytes = new byte[range.width() / 8];
        int length = Math.min(bytes.length, number.length);
        System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
        try {
            return Addresses.canonical(InetAddress.getByAddress(bytes).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
