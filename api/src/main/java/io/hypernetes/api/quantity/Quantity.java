package io.hypernetes.api.quantity;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact amount and the notation it was written in, after apimachinery's resource.Quantity: at
 * most 2^63-1 in size, no finer than a billionth (finer ones are rounded away from zero).
 */
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

    private static final String FORM = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";
    private static final Pattern PARTS = Pattern.compile(FORM);
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)");
    private static final Pattern EXPONENT = Pattern.compile("[eE][+-]?[0-9]{1,9}");

    /** From 10^-9 in steps of a thousand. */
    private static final List<String> DECIMAL =
            List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");

    /** From 2^0 in steps of 1024. */
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

    private static final int FINEST = 9;
    private static final int LONGEST = 100;

    /** So many digits fit into a long. */
    private static final int LONG_DIGITS = 18;

    private static final BigDecimal NANO = BigDecimal.ONE.movePointLeft(FINEST);
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal KI = BigDecimal.valueOf(1024);

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    private final BigDecimal amount;
    private final Format format;

    private Quantity(BigDecimal amount, Format format) {
        this.amount = bounded(amount);
        this.format = format;
    }

    private static BigDecimal bounded(BigDecimal amount) {
        BigDecimal size = amount.abs();
        if (amount.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal result;
        if (size.compareTo(MAX) > 0) {
            result = MAX;
        } else if (size.compareTo(NANO) < 0) {
            result = NANO;
        } else {
            result = size.scale() > FINEST ? size.setScale(FINEST, RoundingMode.UP) : size;
        }
        return amount.signum() < 0 ? result.negate() : result;
    }

    /**
     * @throws IllegalArgumentException with Kubernetes' wording when the text is no quantity
     */
    public static Quantity parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        // Nearly all are a whole number and a suffix, and some are read several times a write.
        if (digits > 0 && digits <= LONG_DIGITS) {
            BigDecimal number = BigDecimal.valueOf(Long.parseLong(text, 0, digits, 10));
            @Nullable Quantity plain = withSuffix(number, text.substring(digits));
            if (plain != null) {
                return plain;
            }
        }
        return parseAny(text);
    }

    private static Quantity parseAny(String text) {
        Matcher parts = PARTS.matcher(text);
        if (text.length() > LONGEST || !parts.matches()) {
            throw new IllegalArgumentException(
                    "quantities must match the regular expression '" + FORM + "'");
        }
        String digits = parts.group(1);
        String suffix = parts.group(2);
        if (!NUMBER.matcher(digits).matches()) {
            throw new IllegalArgumentException("unable to parse numeric part of quantity");
        }
        BigDecimal number = new BigDecimal(digits);
        @Nullable Quantity known = withSuffix(number, suffix);
        if (known != null) {
            return known;
        }
        if (EXPONENT.matcher(suffix).matches()) {
            return new Quantity(
                    number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))),
                    Format.DECIMAL_EXPONENT);
        }
        throw new IllegalArgumentException("unable to parse quantity's suffix");
    }

    private static @Nullable Quantity withSuffix(BigDecimal number, String suffix) {
        int binary = BINARY.indexOf(suffix);
        if (binary > 0) {
            return new Quantity(number.multiply(KI.pow(binary)), Format.BINARY_SI);
        }
        int decimal = DECIMAL.indexOf(suffix);
        return decimal < 0
                ? null
                : new Quantity(number.scaleByPowerOfTen(3 * decimal - FINEST), Format.DECIMAL_SI);
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

    /** The sum, in this quantity's notation, or the other's when this is zero. */
    public Quantity add(Quantity other) {
        return new Quantity(amount.add(other.amount), amount.signum() == 0 ? other.format : format);
    }

    /** The difference, in this quantity's notation, or the other's when this is zero. */
    public Quantity subtract(Quantity other) {
        return new Quantity(
                amount.subtract(other.amount), amount.signum() == 0 ? other.format : format);
    }

    /**
     * Whole units (bytes, cores), rounded away from zero; the largest long when it does not fit.
     */
    public long value() {
        return rounded(amount);
    }

    /** Thousandths, rounded away from zero; the largest long when it does not fit. */
    public long milliValue() {
        return rounded(amount.movePointRight(3));
    }

    private static long rounded(BigDecimal number) {
        BigInteger whole = number.setScale(0, RoundingMode.UP).toBigInteger();
        if (whole.bitLength() < Long.SIZE) {
            return whole.longValue();
        }
        return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    public int signum() {
        return amount.signum();
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /** Equal amounts are equal, however they are written: {@code 1} and {@code 1000m}. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity q && amount.compareTo(q.amount) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    /**
     * The canonical form as Kubernetes prints it: no fraction, the largest suffix that allows it; a
     * binary amount below 1024, or with a fraction, is printed decimal.
     */
    @Override
    public String toString() {
        if (amount.signum() == 0) {
            return "0";
        }
        return format == Format.BINARY_SI
                        && amount.abs().compareTo(KI) >= 0
                        && amount.stripTrailingZeros().scale() <= 0
                ? binaryText()
                : decimalText();
    }

    private String binaryText() {
        BigInteger whole = amount.toBigIntegerExact();
        int power = 0;
        while (power < BINARY.size() - 1 && whole.abs().getLowestSetBit() >= 10) {
            whole = whole.shiftRight(10);
            power++;
        }
        return whole + BINARY.get(power);
    }

    private String decimalText() {
        BigDecimal stripped = amount.stripTrailingZeros();
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        String mantissa = stripped.movePointRight(-exponent).toBigIntegerExact().toString();
        if (format == Format.DECIMAL_EXPONENT) {
            return exponent == 0 ? mantissa : mantissa + "e" + exponent;
        }
        return mantissa + DECIMAL.get((exponent + FINEST) / 3);
    }
}
