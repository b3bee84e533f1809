package io.hypernetes.cel.library;

import io.hypernetes.cel.value.EvaluationException;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** Parts of timestamps and durations. */
final class TimeLibrary {
    private TimeLibrary() {}

    private interface Part {
        long of(ZonedDateTime time);
    }

    static void declare(Functions functions) {
        part(functions, "getFullYear", ZonedDateTime::getYear);
        part(functions, "getMonth", time -> time.getMonthValue() - 1);
        part(functions, "getDate", ZonedDateTime::getDayOfMonth);
        part(functions, "getDayOfMonth", time -> time.getDayOfMonth() - 1);
        part(functions, "getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7);
        part(functions, "getDayOfYear", time -> time.getDayOfYear() - 1);
        part(functions, "getHours", ZonedDateTime::getHour);
        part(functions, "getMinutes", ZonedDateTime::getMinute);
        part(functions, "getSeconds", ZonedDateTime::getSecond);
        part(functions, "getMilliseconds", time -> time.getNano() / 1_000_000);
        of(functions, "getHours", Duration::toHours);
        of(functions, "getMinutes", Duration::toMinutes);
        of(functions, "getSeconds", Duration::toSeconds);
        of(functions, "getMilliseconds", Duration::toMillis);
    }

    private static void part(Functions functions, String name, Part part) {
        functions
                .runtime(
                        name,
                        List.of(Instant.class),
                        Costs.ONE,
                        a -> part.of(((Instant) a[0]).atZone(ZoneOffset.UTC)))
                .runtime(
                        name,
                        List.of(Instant.class, String.class),
                        Costs.ONE,
                        a -> part.of(((Instant) a[0]).atZone(zone((String) a[1]))));
    }

    private interface Measure {
        long of(Duration duration);
    }

    private static void of(Functions functions, String name, Measure measure) {
        functions.runtime(
                name, List.of(Duration.class), Costs.ONE, a -> measure.of((Duration) a[0]));
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name.matches("\\d.*") ? "+" + name : name);
        } catch (DateTimeException e) {
            throw new EvaluationException("unknown time zone " + name);
        }
    }
}
