package io.hypernetes.cel.value;

import java.math.BigInteger;

/** A CEL {@code uint}: all 64 bits are the number. */
public record Unsigned(long bits) implements Comparable<Unsigned> {
    @Override
    public int compareTo(Unsigned other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    public BigInteger toBigInteger() {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
