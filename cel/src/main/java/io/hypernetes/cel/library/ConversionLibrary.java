package io.hypernetes.cel.library;

import io.hypernetes.cel.library.Functions.Code;
import io.hypernetes.cel.library.Functions.Cost;
import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.Durations;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.Unsigned;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** {@code int()}, {@code string()} and the other conversions of CEL itself. */
final class ConversionLibrary {
    private ConversionLibrary() {}

    static void declare(Functions functions) {
        whole(functions);
        real(functions);
        to(functions, "bool", Boolean.class, a -> a);
        to(functions, "bool", String.class, a -> bool((String) a));
        to(functions, "string", Object.class, a -> text(a));
        functions.runtime(
                "bytes",
                List.of(String.class),
                Costs.WALK,
                a -> new Bytes(((String) a[0]).getBytes(StandardCharsets.UTF_8)));
        to(functions, "bytes", Bytes.class, a -> a);
        to(functions, "duration", Duration.class, a -> a);
        to(functions, "duration", String.class, a -> duration((String) a));
        to(functions, "timestamp", Instant.class, a -> a);
        to(functions, "timestamp", String.class, a -> timestamp((String) a));
        to(functions, "timestamp", Long.class, a -> Instant.ofEpochSecond((Long) a));
    }

    private interface Conversion {
        Object of(Object value);
    }

    private static void to(Functions functions, String name, Class<?> from, Conversion conversion) {
        Cost cost =
                name.equals("string")
                        ? (a, r) -> a[0] instanceof Bytes ? Costs.WALK.of(a, r) : 1
                        : Costs.ONE;
        Code code = a -> conversion.of(a[0]);
        functions.runtime(name, List.of(from), cost, code);
    }

    private static void whole(Functions functions) {
        to(functions, "int", Long.class, a -> a);
        to(functions, "int", Unsigned.class, a -> signed(((Unsigned) a).toBigInteger()));
        to(functions, "int", Double.class, a -> truncated((Double) a, true));
        to(functions, "int", Instant.class, a -> ((Instant) a).getEpochSecond());
        to(functions, "int", Duration.class, a -> ((Duration) a).toNanos());
        to(
                functions,
                "int",
                String.class,
                a -> {
                    try {
                        return Long.parseLong((String) a);
                    } catch (NumberFormatException e) {
                        throw syntax("ParseInt", (String) a);
                    }
                });
        to(functions, "uint", Unsigned.class, a -> a);
        to(
                functions,
                "uint",
                Long.class,
                a -> {
                    if ((Long) a < 0) {
                        throw new EvaluationException("unsigned integer overflow");
                    }
                    return new Unsigned((Long) a);
                });
        to(functions, "uint", Double.class, a -> new Unsigned(truncated((Double) a, false)));
        to(
                functions,
                "uint",
                String.class,
                a -> {
                    try {
                        return new Unsigned(Long.parseUnsignedLong((String) a));
                    } catch (NumberFormatException e) {
                        throw syntax("ParseUint", (String) a);
                    }
                });
    }

    private static void real(Functions functions) {
        to(functions, "double", Double.class, a -> a);
        to(functions, "double", Long.class, a -> (double) (Long) a);
        to(functions, "double", Unsigned.class, a -> ((Unsigned) a).toBigInteger().doubleValue());
        to(
                functions,
                "double",
                String.class,
                a -> {
                    String text = (String) a;
                    try {
                        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
                            case "nan" -> Double.NaN;
                            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
                            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                            // Java takes spaces and a type's letter, Go takes neither.
                            default ->
                                    text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")
                                            ? Double.parseDouble(text)
                                            : Double.parseDouble("-");
                        };
                    } catch (NumberFormatException e) {
                        throw syntax("ParseFloat", text);
                    }
                });
    }

    private static EvaluationException syntax(String function, String text) {
        return new EvaluationException(
                "strconv." + function + ": parsing \"" + text + "\": invalid syntax");
    }

    private static long signed(BigInteger value) {
        if (value.bitLength() > 63) {
            throw new EvaluationException("integer overflow");
        }
        return value.longValue();
    }

    private static long truncated(double value, boolean signed) {
        if (!Double.isFinite(value)) {
            throw new EvaluationException("integer overflow");
        }
        BigInteger whole = new BigDecimal(value).toBigInteger();
        if (signed) {
            if (Math.abs(value) >= 0x1p63) {
                throw new EvaluationException("integer overflow");
            }
            return whole.longValue();
        }
        if (whole.signum() < 0 || whole.bitLength() > 64) {
            throw new EvaluationException("unsigned integer overflow");
        }
        return whole.longValue();
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "1", "t", "true", "TRUE", "True" -> true;
            case "0", "f", "false", "FALSE", "False" -> false;
            default -> throw syntax("ParseBool", text);
        };
    }

    static String text(Object value) {
        return switch (value) {
            case String s -> s;
            case Boolean b -> b.toString();
            case Long l -> l.toString();
            case Unsigned u -> u.toString();
            case Double d -> real(d);
            case Bytes b -> decoded(b);
            case Instant i -> i.toString();
            case Duration d -> Durations.print(d);
            case Ip ip -> ip.toString();
            case CidrRange cidr -> cidr.toString();
            case Semver semver -> semver.toString();
            case io.hypernetes.api.quantity.Quantity quantity -> quantity.toString();
            default -> throw EvaluationException.noSuchOverload();
        };
    }

    /** As Go prints the shortest form: {@code 1}, {@code 1.5}, {@code 1e+21}. */
    static String real(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (decimal.signum() == 0 || exponent >= -4 && exponent < 21) {
            return decimal.signum() == 0 ? "0" : decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        return (decimal.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e"
                + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static String decoded(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.content()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new EvaluationException("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()));
        }
    }

    private static Instant timestamp(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return Arithmetic.instant(() -> instant);
        } catch (DateTimeException e) {
            throw new EvaluationException(
                    "parsing time \"" + text + "\" as RFC 3339: cannot parse it");
        }
    }
}
