package io.hypernetes.cel.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go's notation of durations: {@code 1h30m}, {@code 1.5s}. */
public final class Durations {
    private static final Pattern PART =
            Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final long SECOND = 1_000_000_000L;

    private Durations() {}

    /** Throws IllegalArgumentException. */
    public static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length() && part.find(at) && part.start() == at) {
            nanos =
                    nanos.add(
                            new BigDecimal(part.group(1))
                                    .multiply(BigDecimal.valueOf(unit(part.group(2)))));
            at = part.end();
        }
        if (at == 0 || at < rest.length()) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        return negative ? duration.negated() : duration;
    }

    private static long unit(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            default -> 3600 * SECOND;
        };
    }

    /** As CEL's {@code string(duration)}: seconds, {@code 5400s}, {@code 1.5s}. */
    public static String print(Duration duration) {
        BigDecimal seconds =
                BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNano(), 9))
                        .stripTrailingZeros();
        return (seconds.signum() == 0 ? "0" : seconds.toPlainString()) + "s";
    }
}
