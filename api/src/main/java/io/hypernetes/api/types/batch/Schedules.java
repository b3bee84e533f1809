package io.hypernetes.api.types.batch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is wrong with a cron schedule, in the words of the library that upstream uses. */
final class Schedules {

    private static final List<String> DESCRIPTORS =
            List.of(
                    "@yearly",
                    "@annually",
                    "@monthly",
                    "@weekly",
                    "@daily",
                    "@midnight",
                    "@hourly");

    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private Schedules() {}

    static Optional<String> check(String text) {
        String schedule = text;
        if (schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")) {
            int space = schedule.indexOf(' ');
            schedule = space < 0 ? "" : schedule.substring(space).strip();
        }
        if (schedule.isEmpty()) {
            return Optional.of("empty spec string");
        }
        if (schedule.startsWith("@")) {
            return descriptor(schedule);
        }
        String[] fields = schedule.strip().split("\\s+");
        if (fields.length != 5) {
            return Optional.of(
                    "expected exactly 5 fields, found "
                            + fields.length
                            + ": ["
                            + String.join(" ", fields)
                            + "]");
        }
        try {
            field(fields[0], 0, 59, List.of());
            field(fields[1], 0, 23, List.of());
            field(fields[2], 1, 31, List.of());
            field(fields[3], 1, 12, MONTHS);
            field(fields[4], 0, 6, DAYS);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> descriptor(String schedule) {
        if (DESCRIPTORS.contains(schedule)) {
            return Optional.empty();
        }
        if (schedule.startsWith("@every ")) {
            String duration = schedule.substring("@every ".length());
            return duration.matches("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+")
                    ? Optional.empty()
                    : Optional.of(
                            "failed to parse duration "
                                    + schedule
                                    + ": time: invalid duration \""
                                    + duration
                                    + "\"");
        }
        return Optional.of("unrecognized descriptor: " + schedule);
    }

    private static void field(String text, int least, int most, List<String> names) {
        for (String range : text.split(",", -1)) {
            if (!range.isEmpty()) {
                range(range, least, most, names);
            }
        }
    }

    private static void range(String text, int least, int most, List<String> names) {
        String[] steps = text.split("/", -1);
        String[] ends = steps[0].split("-", -1);
        boolean any = ends[0].equals("*") || ends[0].equals("?");
        if (ends.length > 2) {
            throw new IllegalArgumentException("too many hyphens: " + text);
        }
        long from = any ? least : number(ends[0], least, names);
        long to = any ? most : ends.length == 2 ? number(ends[1], least, names) : from;
        if (steps.length > 2) {
            throw new IllegalArgumentException("too many slashes: " + text);
        }
        if (steps.length == 2) {
            if (number(steps[1], 0, List.of()) == 0) {
                throw new IllegalArgumentException(
                        "step of range should be a positive number: " + text);
            }
            to = ends.length == 1 ? most : to;
        }
        if (from < least) {
            throw new IllegalArgumentException(
                    "beginning of range (" + from + ") below minimum (" + least + "): " + text);
        }
        if (to > most) {
            throw new IllegalArgumentException(
                    "end of range (" + to + ") above maximum (" + most + "): " + text);
        }
        if (from > to) {
            throw new IllegalArgumentException(
                    "beginning of range (" + from + ") beyond end of range (" + to + "): " + text);
        }
    }

    private static long number(String text, int first, List<String> names) {
        int name = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) {
            return name + (long) first;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "failed to parse int from "
                            + text
                            + ": strconv.Atoi: parsing \""
                            + text
                            + "\": invalid syntax");
        }
        return Long.parseLong(text);
    }
}
