package io.hypernetes.server.service;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.types.core.ServiceAddressRules;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The addresses of a range that services may have: not the network's own and, of IPv4, not the last
 * one.
 *
 * @param width bytes of an address
 * @param first inclusive, as is {@code last}
 */
record AddressRange(String family, int width, BigInteger first, BigInteger last) {

    /** How far apart two looks for a free address are at most: a full range is searched whole. */
    private static final BigInteger LONGEST_WALK = BigInteger.valueOf(1 << 20);

    /**
     * @param cidr one that the rules of ServiceCIDR find nothing wrong with
     */
    static AddressRange of(String cidr) {
        int slash = cidr.indexOf('/');
        String network = cidr.substring(0, slash);
        byte[] bytes = InetAddress.ofLiteral(network).getAddress();
        int bits = bytes.length * 8 - Integer.parseInt(cidr.substring(slash + 1));
        BigInteger base = new BigInteger(1, bytes);
        BigInteger end = base.add(BigInteger.ONE.shiftLeft(bits)).subtract(BigInteger.ONE);
        String family = ServiceAddressRules.family(network);
        return new AddressRange(
                family,
                bytes.length,
                base.add(BigInteger.ONE),
                bytes.length == 4 ? end.subtract(BigInteger.ONE) : end);
    }

    boolean contains(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        BigInteger number = new BigInteger(1, bytes);
        return bytes.length == width && number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
    }

    /**
     * An address nobody has, somewhere in the upper part; the lower part, which users choose
     * addresses from, only when that is full (KEP-3070).
     */
    Optional<String> free(Predicate<String> isTaken, RandomGenerator random) {
        BigInteger size = last.subtract(first).add(BigInteger.ONE);
        BigInteger reserved =
                size.divide(BigInteger.valueOf(16))
                        .max(BigInteger.valueOf(16))
                        .min(BigInteger.valueOf(256));
        if (size.compareTo(BigInteger.valueOf(32)) < 0) {
            reserved = BigInteger.ZERO;
        }
        BigInteger middle = first.add(reserved);
        Optional<String> upper = walk(middle, last, isTaken, random);
        return upper.isPresent()
                ? upper
                : walk(first, middle.subtract(BigInteger.ONE), isTaken, random);
    }

    /** From a random place to the end, then from the beginning on. */
    private Optional<String> walk(
            BigInteger from, BigInteger to, Predicate<String> isTaken, RandomGenerator random) {
        BigInteger size = to.subtract(from).add(BigInteger.ONE);
        if (size.signum() <= 0) {
            return Optional.empty();
        }
        BigInteger offset = BigInteger.valueOf(random.nextLong(Long.MAX_VALUE)).mod(size);
        long steps = size.min(LONGEST_WALK).longValue();
        for (long i = 0; i < steps; i++) {
            String address = text(from.add(offset.add(BigInteger.valueOf(i)).mod(size)));
            if (!isTaken.test(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private String text(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] full = new byte[width];
        byte[] low =
                bytes.length > width
                        ? Arrays.copyOfRange(bytes, bytes.length - width, bytes.length)
                        : bytes;
        System.arraycopy(low, 0, full, width - low.length, low.length);
        try {
            return Addresses.canonical(InetAddress.getByAddress(full).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
