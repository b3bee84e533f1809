package io.hypernetes.cel.library;

import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.GrowingList;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.Unsigned;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code + - * / %} and the negation, with overflow as an error. */
final class Arithmetic {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Arithmetic() {}

    private interface Whole {
        long apply(long a, long b);
    }

    private interface Real {
        double apply(double a, double b);
    }

    private interface Natural {
        BigInteger apply(BigInteger a, BigInteger b);
    }

    static void declare(Functions functions) {
        numbers(functions, "_+_", Math::addExact, Double::sum, BigInteger::add);
        numbers(functions, "_-_", Math::subtractExact, (a, b) -> a - b, BigInteger::subtract);
        numbers(functions, "_*_", Math::multiplyExact, (a, b) -> a * b, BigInteger::multiply);
        numbers(
                functions,
                "_/_",
                (a, b) -> Math.divideExact(a, divisor(b, "division")),
                (a, b) -> a / b,
                (a, b) -> a.divide(divisor(b, "division")));
        whole(functions, "_%_", (a, b) -> b == -1 ? remainder(a) : a % divisor(b, "modulus"));
        natural(functions, "_%_", (a, b) -> a.mod(divisor(b, "modulus")));
        functions
                .runtime("-_", List.of(Long.class), Costs.ONE, a -> negated((Long) a[0]))
                .runtime("-_", List.of(Double.class), Costs.ONE, a -> -(Double) a[0]);
        functions
                .runtime(
                        "_+_",
                        List.of(String.class, String.class),
                        Costs.BOTH,
                        a -> (String) a[0] + (String) a[1])
                .runtime(
                        "_+_",
                        List.of(Bytes.class, Bytes.class),
                        Costs.BOTH,
                        a -> joined((Bytes) a[0], (Bytes) a[1]))
                .runtime(
                        "_+_",
                        List.of(ListValue.class, ListValue.class),
                        Costs.ONE,
                        a -> GrowingList.concat((ListValue) a[0], (ListValue) a[1]));
        times(functions);
    }

    private static void times(Functions functions) {
        functions
                .runtime(
                        "_+_",
                        List.of(Duration.class, Duration.class),
                        Costs.ONE,
                        a -> duration(() -> ((Duration) a[0]).plus((Duration) a[1])))
                .runtime(
                        "_+_",
                        List.of(Instant.class, Duration.class),
                        Costs.ONE,
                        a -> instant(() -> ((Instant) a[0]).plus((Duration) a[1])))
                .runtime(
                        "_+_",
                        List.of(Duration.class, Instant.class),
                        Costs.ONE,
                        a -> instant(() -> ((Instant) a[1]).plus((Duration) a[0])))
                .runtime(
                        "_-_",
                        List.of(Duration.class, Duration.class),
                        Costs.ONE,
                        a -> duration(() -> ((Duration) a[0]).minus((Duration) a[1])))
                .runtime(
                        "_-_",
                        List.of(Instant.class, Duration.class),
                        Costs.ONE,
                        a -> instant(() -> ((Instant) a[0]).minus((Duration) a[1])))
                .runtime(
                        "_-_",
                        List.of(Instant.class, Instant.class),
                        Costs.ONE,
                        a -> duration(() -> Duration.between((Instant) a[1], (Instant) a[0])));
    }

    private static void numbers(
            Functions functions, String name, Whole whole, Real real, Natural natural) {
        whole(functions, name, whole);
        functions.runtime(
                name,
                List.of(Double.class, Double.class),
                Costs.ONE,
                a -> real.apply((Double) a[0], (Double) a[1]));
        natural(functions, name, natural);
    }

    private static void whole(Functions functions, String name, Whole whole) {
        functions.runtime(
                name,
                List.of(Long.class, Long.class),
                Costs.ONE,
                a -> {
                    try {
                        return whole.apply((Long) a[0], (Long) a[1]);
                    } catch (ArithmeticException e) {
                        throw new EvaluationException("integer overflow");
                    }
                });
    }

    private static void natural(Functions functions, String name, Natural natural) {
        functions.runtime(
                name,
                List.of(Unsigned.class, Unsigned.class),
                Costs.ONE,
                a -> {
                    BigInteger result =
                            natural.apply(
                                    ((Unsigned) a[0]).toBigInteger(),
                                    ((Unsigned) a[1]).toBigInteger());
                    if (result.signum() < 0 || result.bitLength() > 64) {
                        throw new EvaluationException("unsigned integer overflow");
                    }
                    return new Unsigned(result.longValue());
                });
    }

    private static long divisor(long b, String what) {
        if (b == 0) {
            throw new EvaluationException(what + " by zero");
        }
        return b;
    }

    private static BigInteger divisor(BigInteger b, String what) {
        if (b.signum() == 0) {
            throw new EvaluationException(what + " by zero");
        }
        return b;
    }

    /** Go calls the one case that overflows a division an overflow of the modulus too. */
    private static long remainder(long a) {
        if (a == Long.MIN_VALUE) {
            throw new ArithmeticException();
        }
        return 0;
    }

    private static long negated(long a) {
        if (a == Long.MIN_VALUE) {
            throw new EvaluationException("integer overflow");
        }
        return -a;
    }

    private static Bytes joined(Bytes a, Bytes b) {
        byte[] both = java.util.Arrays.copyOf(a.content(), a.size() + b.size());
        System.arraycopy(b.content(), 0, both, a.size(), b.size());
        return new Bytes(both);
    }

    private static Duration duration(java.util.function.Supplier<Duration> sum) {
        try {
            Duration duration = sum.get();
            // Go counts nanoseconds in 64 bits.
            return Duration.ofNanos(duration.toNanos());
        } catch (ArithmeticException | DateTimeException e) {
            throw new EvaluationException("duration overflow");
        }
    }

    static Instant instant(java.util.function.Supplier<Instant> sum) {
        try {
            Instant instant = sum.get();
            if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
                return instant;
            }
        } catch (ArithmeticException | DateTimeException e) {
            // Beyond what Java can count: out of range as well.
        }
        throw new EvaluationException("timestamp overflow");
    }
}
