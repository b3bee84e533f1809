package io.hypernetes.api.quantity;

import java.math.BigDecimal;

/** An exact amount and the notation it was written in. */
public final class Quantity implements Comparable<Quantity> {

    /** The family of suffixes in which a quantity is shown. */
    public enum Format {
        /** {@code Ki Mi Gi Ti Pi Ei} */
        BINARY_SI,
        /** {@code n u m k M G T P E} */
        DECIMAL_SI,
        /** {@code e3 e6 …} */
        DECIMAL_EXPONENT
    }

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    private final BigDecimal amount;
    private final Format format;

    private Quantity(BigDecimal amount, Format format) {
        this.amount = amount;
        this.format = format;
    }

    /**
     * @throws IllegalArgumentException with Kubernetes' wording when the text is no quantity
     */
    public static Quantity parse(String text) {
        throw new UnsupportedOperationException();
    }

    public static Quantity of(long value, Format format) {
        return new Quantity(BigDecimal.valueOf(value), format);
    }

    public static Quantity ofMillis(long milliValue) {
        return new Quantity(BigDecimal.valueOf(milliValue, 3), Format.DECIMAL_SI);
    }

    public BigDecimal amount() {
        return amount;
    }

    public Format format() {
        return format;
    }

    /** The sum, in this quantity's notation. */
    public Quantity add(Quantity other) {
        throw new UnsupportedOperationException();
    }

    /** The difference, in this quantity's notation. */
    public Quantity subtract(Quantity other) {
        throw new UnsupportedOperationException();
    }

    /** Whole units (bytes, cores), rounded up; the largest long when it does not fit. */
    public long value() {
        throw new UnsupportedOperationException();
    }

    /** Thousandths, rounded up; the largest long when it does not fit. */
    public long milliValue() {
        throw new UnsupportedOperationException();
    }

    public int signum() {
        return amount.signum();
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity q && amount.compareTo(q.amount) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    /** The canonical form as Kubernetes prints it. */
    @Override
    public String toString() {
        throw new UnsupportedOperationException();
    }
}
