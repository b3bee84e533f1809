package io.hypernetes.cli.cri;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Times, sizes and ids as crictl writes them. Pure. */
final class Words {

    private static final int SHORT_ID = 13;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Words() {}

    /** The begin of an id, without the name of its hash; anything else stays as it is. */
    static String shortId(String id, boolean whole) {
        String bare = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
        boolean isId = bare.matches("[0-9a-f]{" + SHORT_ID + ",}");
        return whole || !isId ? id : bare.substring(0, SHORT_ID);
    }

    /** Three figures and a unit of thousands. */
    static String size(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1000 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        String text = String.format(Locale.ROOT, "%.3g", amount);
        if (text.indexOf('e') >= 0) {
            text = String.format(Locale.ROOT, "%.0f", amount);
        } else if (text.indexOf('.') >= 0) {
            text = text.replaceFirst("\\.?0+$", "");
        }
        return text + UNITS[unit];
    }

    static String ago(long nanos, Instant now) {
        return since(Duration.between(Instant.ofEpochSecond(0, nanos), now)) + " ago";
    }

    private static String since(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        long minutes = span.toMinutes();
        if (minutes < 60) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        long hours = Math.round(seconds / 3600.0);
        if (hours < 48) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        long days = hours / 24;
        if (days < 14) {
            return days + " days";
        }
        if (days < 60) {
            return days / 7 + " weeks";
        }
        return days < 730 ? days / 30 + " months" : days / 365 + " years";
    }
}
