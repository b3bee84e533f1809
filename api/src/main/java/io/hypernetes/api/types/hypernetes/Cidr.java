package io.hypernetes.api.types.hypernetes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses that a network can have.
 *
 * @param base the first address
 * @param prefix bits that all addresses share, 16 to 29: more hosts than one switch should carry,
 *     or room for fewer than a gateway and a few pods, is refused
 */
record Cidr(long base, int prefix) {

    private static final Pattern FORM = Pattern.compile("([0-9.]{7,15})/([0-9]{1,2})");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    /**
     * @throws IllegalArgumentException saying what is wrong
     */
    static Cidr parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "must be a range of IPv4 addresses, for instance 10.0.0.0/24");
        }
        long address = address(parts.group(1));
        int prefix = Integer.parseInt(parts.group(2));
        if (address < 0) {
            throw new IllegalArgumentException(
                    "must be a range of IPv4 addresses, for instance 10.0.0.0/24");
        }
        if (prefix < 16 || prefix > 29) {
            throw new IllegalArgumentException("the prefix must be between 16 and 29, inclusive");
        }
        Cidr cidr = new Cidr(address & -(1L << (32 - prefix)), prefix);
        if (cidr.base != address) {
            throw new IllegalArgumentException(
                    "must begin at the first address of its range: " + cidr);
        }
        return cidr;
    }

    /** Whether the address is in the range and neither its first nor its last. */
    boolean hasHost(String text) {
        long address = address(text);
        return address > base && address < base + (1L << (32 - prefix)) - 1;
    }

    static boolean isAddress(String text) {
        return address(text) >= 0;
    }

    String firstHost() {
        return text(base + 1);
    }

    /** -1 for a text that is no address. */
    private static long address(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return -1;
        }
        long address = 0;
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return -1;
            }
            address = address << 8 | Integer.parseInt(octet);
        }
        return address;
    }

    @Override
    public String toString() {
        return text(base) + "/" + prefix;
    }

    private static String text(long address) {
        return (address >> 24 & 255)
                + "."
                + (address >> 16 & 255)
                + "."
                + (address >> 8 & 255)
                + "."
                + (address & 255);
    }
}
