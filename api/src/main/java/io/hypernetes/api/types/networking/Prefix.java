package io.hypernetes.api.types.networking;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * A range of addresses.
 *
 * @param width bits of an address of its family: 32 or 128
 * @param address with the bits behind the prefix as they were written
 */
public record Prefix(int width, BigInteger address, int length) {

    /**
     * @param text one that {@link io.hypernetes.api.names.Addresses#range} finds nothing wrong with
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
        return new Prefix(
                bytes.length * 8,
                new BigInteger(1, bytes),
                Integer.parseInt(text.substring(slash + 1)));
    }

    /**
     * @param text an address
     */
    public boolean contains(String text) {
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        return bytes.length * 8 == width
                && network().equals(new BigInteger(1, bytes).shiftRight(width - length));
    }

    /** Whether they share an address. */
    public boolean overlaps(Prefix other) {
        int shared = Math.min(length, other.length);
        return other.width == width
                && address.shiftRight(width - shared)
                        .equals(other.address.shiftRight(width - shared));
    }

    boolean strictlyContains(Prefix other) {
        return other.width == width
                && other.length > length
                && network().equals(other.address.shiftRight(width - length));
    }

    /** Whether no bit is set behind the prefix. */
    boolean isNetwork() {
        return network().shiftLeft(width - length).equals(address);
    }

    private BigInteger network() {
        return address.shiftRight(width - length);
    }
}
