package io.hypernetes.node;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A file of variables that an init container has left for others (KEP-3721): lines {@code
 * NAME='value'}, where a value is taken as it is written and may have several lines; comments begin
 * with a hash. Strangers write it: nothing is expanded, and what is not of this form is refused.
 */
final class EnvFile {
    private final Iterator<String> lines;
    private int line;

    private EnvFile(String text) {
        this.lines = List.of(text.split("\n", -1)).iterator();
    }

    /**
     * Looks no further than the variable.
     *
     * @return empty when there is none of that name, or it is empty
     * @throws IllegalArgumentException for what is none of these lines
     */
    static Optional<String> value(String text, String name) {
        EnvFile file = new EnvFile(text);
        while (file.lines.hasNext()) {
            String line = file.next().replaceFirst("^[ \t]+", "");
            if (!line.isEmpty() && line.charAt(0) != '#') {
                int equals = line.indexOf('=');
                if (equals <= 0 || line.substring(0, equals).matches(".*[ \t]")) {
                    throw file.wrong(
                            equals < 0
                                    ? "missing '='"
                                    : equals == 0
                                            ? "empty variable name"
                                            : "whitespace before '=' is not allowed");
                }
                String value = file.assigned(line.substring(equals + 1));
                if (line.substring(0, equals).equals(name)) {
                    return Optional.of(value).filter(given -> !given.isEmpty());
                }
            }
        }
        return Optional.empty();
    }

    private String next() {
        line++;
        String next = lines.next();
        return next.endsWith("\r") ? next.substring(0, next.length() - 1) : next;
    }

    /** What a shell would assign; after a blank, nothing. */
    private String assigned(String written) {
        if (written.isEmpty() || written.charAt(0) != '\'') {
            if (written.startsWith(" ") || written.startsWith("\t")) {
                return "";
            }
            throw wrong("value must be enclosed in single quotes");
        }
        int start = line;
        StringBuilder value = new StringBuilder();
        String rest = written.substring(1);
        int end = rest.indexOf('\'');
        while (end < 0) {
            value.append(rest).append('\n');
            if (!lines.hasNext()) {
                line = start;
                throw wrong("unclosed single quote");
            }
            rest = next();
            end = rest.indexOf('\'');
        }
        String after = rest.substring(end + 1).strip();
        if (!after.isEmpty() && !after.startsWith("#")) {
            throw wrong("unexpected content after closing quote");
        }
        return value.append(rest, 0, end).toString();
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(
                "invalid environment variable format at line " + line + ": " + why);
    }
}
