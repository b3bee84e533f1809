package io.hypernetes.controllers.workload;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a cron job is due. Days of the month and of the week are alternatives where both are
 * restricted, as crontab(5) has it. A time that a change of the clocks leaves out is none.
 *
 * @param every for {@code @every}: nothing else counts then
 */
record CronSchedule(
        BitSet minutes,
        BitSet hours,
        BitSet days,
        BitSet months,
        BitSet weekdays,
        boolean eitherDay,
        Optional<Duration> every) {

    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final Map<String, String> NAMED =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");

    private static final List<Duration> BACK =
            List.of(
                    Duration.ofHours(1),
                    Duration.ofDays(1),
                    Duration.ofDays(32),
                    Duration.ofDays(366),
                    Duration.ofDays(366L * 28));

    /** Leap days of a given weekday may be that far apart. */
    private static final int YEARS = 28;

    /** Throws IllegalArgumentException saying what is wrong. */
    static CronSchedule parse(String text) {
        String schedule = NAMED.getOrDefault(text.strip(), text.strip());
        if (schedule.startsWith("@every ")) {
            BitSet none = new BitSet();
            Duration every = duration(schedule.substring("@every ".length()));
            return new CronSchedule(none, none, none, none, none, false, Optional.of(every));
        }
        String[] fields = schedule.split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + fields.length);
        }
        boolean eitherDay = !isAny(fields[2]) && !isAny(fields[4]);
        return new CronSchedule(
                field(fields[0], 0, 59, List.of()),
                field(fields[1], 0, 23, List.of()),
                field(fields[2], 1, 31, List.of()),
                field(fields[3], 1, 12, MONTHS),
                field(fields[4], 0, 6, DAYS),
                eitherDay,
                Optional.empty());
    }

    private static boolean isAny(String field) {
        return field.startsWith("*") || field.startsWith("?");
    }

    private static Duration duration(String text) {
        Matcher matcher = PART.matcher(text);
        double seconds = 0;
        while (matcher.find()) {
            double unit =
                    switch (matcher.group(2)) {
                        case "h" -> 3600;
                        case "m" -> 60;
                        case "s" -> 1;
                        default -> 0.001;
                    };
            seconds += Double.parseDouble(matcher.group(1)) * unit;
        }
        return Duration.ofSeconds(Math.max(1, Math.round(seconds)));
    }

    private static BitSet field(String text, int least, int most, List<String> names) {
        BitSet set = new BitSet();
        for (String part : text.split(",", -1)) {
            if (part.isEmpty()) {
                continue; // as upstream's parser takes it
            }
            String[] steps = part.split("/", 2);
            String[] ends = steps[0].split("-", 2);
            boolean any = isAny(ends[0]);
            int from = any ? least : number(ends[0], least, names);
            int to = any ? most : ends.length == 2 ? number(ends[1], least, names) : from;
            int step = steps.length == 2 ? number(steps[1], 0, List.of()) : 1;
            if (steps.length == 2 && ends.length == 1) {
                to = most;
            }
            if (from < least || to > most || from > to || step < 1) {
                throw new IllegalArgumentException("not a range of this field: " + part);
            }
            for (int i = from; i <= to; i += step) {
                set.set(i);
            }
        }
        return set;
    }

    private static int number(String text, int first, List<String> names) {
        int name = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) {
            return name + first;
        }
        if (!text.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("failed to parse int from " + text);
        }
        return Integer.parseInt(text);
    }

    /** The first time after this one; empty when there is none. */
    Optional<ZonedDateTime> after(ZonedDateTime time) {
        if (every.isPresent()) {
            return Optional.of(time.truncatedTo(ChronoUnit.SECONDS).plus(every.get()));
        }
        LocalDateTime start = time.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        LocalDate last = start.toLocalDate().plusYears(YEARS);
        for (LocalDate day = start.toLocalDate(); day.isBefore(last); day = day.plusDays(1)) {
            if (isDue(day)) {
                Optional<ZonedDateTime> found = on(day, start, time);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The last time after {@code from} that is not after {@code until}. */
    Optional<ZonedDateTime> last(ZonedDateTime from, ZonedDateTime until) {
        if (every.isPresent()) {
            long times = Duration.between(from, until).dividedBy(every.get());
            return times < 1
                    ? Optional.empty()
                    : Optional.of(from.plus(every.get().multipliedBy(times)));
        }
        // Whatever was missed for years: the last time is looked for where it is likely.
        for (Duration back : BACK) {
            ZonedDateTime near = until.minus(back);
            ZonedDateTime start = near.isAfter(from) ? near : from;
            Optional<ZonedDateTime> last = Optional.empty();
            for (Optional<ZonedDateTime> time = after(start);
                    time.isPresent() && !time.get().isAfter(until);
                    time = after(time.get())) {
                last = time;
            }
            if (last.isPresent() || start.equals(from)) {
                return last;
            }
        }
        return Optional.empty();
    }

    private boolean isDue(LocalDate day) {
        boolean ofMonth = days.get(day.getDayOfMonth());
        boolean ofWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
        return months.get(day.getMonthValue())
                && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private Optional<ZonedDateTime> on(LocalDate day, LocalDateTime start, ZonedDateTime after) {
        ZoneId zone = after.getZone();
        for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            for (int minute = minutes.nextSetBit(0);
                    minute >= 0;
                    minute = minutes.nextSetBit(minute + 1)) {
                LocalDateTime local = day.atTime(hour, minute);
                ZonedDateTime zoned = local.atZone(zone);
                boolean exists = zoned.toLocalDateTime().equals(local);
                if (!local.isBefore(start) && exists && zoned.isAfter(after)) {
                    return Optional.of(zoned);
                }
            }
        }
        return Optional.empty();
    }
}
