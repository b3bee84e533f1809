package io.hypernetes.api.types.kind;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times as {@code kubectl get} shows them, with two or three significant figures. */
public final class Ages {

    private Ages() {}

    /** The time since an RFC 3339 timestamp; {@code <unknown>} for none. */
    public static String since(String timestamp) {
        if (timestamp.isEmpty()) {
            return "<unknown>";
        }
        try {
            return text(Duration.between(Instant.parse(timestamp), Instant.now()));
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
    }

    public static String text(Duration duration) {
        long seconds = duration.toSeconds();
        long minutes = duration.toMinutes();
        long hours = duration.toHours();
        long days = duration.toDays();
        if (seconds < 0) {
            // Clocks differ a little: almost now.
            return seconds < -1 ? "<invalid>" : "0s";
        } else if (seconds < 120) {
            return seconds + "s";
        } else if (minutes < 10) {
            return minutes + "m" + rest(seconds % 60, "s");
        } else if (minutes < 180) {
            return minutes + "m";
        } else if (hours < 8) {
            return hours + "h" + rest(minutes % 60, "m");
        } else if (hours < 48) {
            return hours + "h";
        } else if (days < 8) {
            return days + "d" + rest(hours % 24, "h");
        } else if (days < 2 * 365) {
            return days + "d";
        } else if (days < 8 * 365) {
            return days / 365 + "y" + rest(days % 365, "d");
        }
        return days / 365 + "y";
    }

    private static String rest(long amount, String unit) {
        return amount == 0 ? "" : amount + unit;
    }
}
