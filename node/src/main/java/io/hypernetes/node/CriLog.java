package io.hypernetes.node;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A line of a CRI log file: {@code TIME STREAM TAG CONTENT}, where the tag F ends a line and P goes
 * on with the next ("CRI Log Format", Kubernetes design proposals).
 *
 * @param time RFC 3339 with nanoseconds, as written
 * @param partial whether the container's line goes on in the next record
 */
record CriLog(String time, String stream, boolean partial, byte[] content) {

    /**
     * @param line without its newline
     * @return empty for what is no record
     */
    static Optional<CriLog> parse(byte[] line) {
        int first = indexOf(line, 0);
        int second = first < 0 ? -1 : indexOf(line, first + 1);
        int third = second < 0 ? -1 : indexOf(line, second + 1);
        if (third < 0) {
            return Optional.empty();
        }
        byte[] content = new byte[line.length - third - 1];
        System.arraycopy(line, third + 1, content, 0, content.length);
        return Optional.of(
                new CriLog(
                        text(line, 0, first),
                        text(line, first + 1, second),
                        text(line, second + 1, third).startsWith("P"),
                        content));
    }

    Instant instant() {
        try {
            return Instant.parse(time);
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    private static int indexOf(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
