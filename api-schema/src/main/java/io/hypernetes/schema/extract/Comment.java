package io.hypernetes.schema.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Go comment: text and markers ({@code +listType=map}).
 *
 * @param lines as written, without comment signs
 */
record Comment(List<String> lines) {

    static final Comment NONE = new Comment(List.of());

    boolean has(String marker) {
        return lines.stream()
                .map(String::strip)
                .anyMatch(line -> line.equals("+" + marker) || line.startsWith("+" + marker + "="));
    }

    /** All values of a marker that may be repeated, in order; quotes stripped. */
    List<String> values(String marker) {
        List<String> values = new ArrayList<>();
        String start = "+" + marker + "=";
        for (String line : lines) {
            String stripped = line.strip();
            if (stripped.startsWith(start)) {
                values.add(unquote(stripped.substring(start.length()).strip()));
            }
        }
        return values;
    }

    /** The first value, as it stands. */
    Optional<String> rawValue(String marker) {
        String start = "+" + marker + "=";
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }

    Optional<String> value(String marker) {
        return rawValue(marker).map(Comment::unquote);
    }

    /**
     * The text for readers, built as Kubernetes' generator does: markers and notes to developers
     * left out, all that follows {@code ---} too, lines joined, an empty line starting a paragraph.
     */
    String text() {
        StringBuilder text = new StringBuilder();
        boolean paragraph = false;
        for (String line : lines) {
            String stripped = line.strip();
            if (stripped.startsWith("---")) {
                break;
            }
            if (stripped.isEmpty()) {
                paragraph = !text.isEmpty();
                continue;
            }
            if (stripped.startsWith("+") || stripped.startsWith("TODO")) {
                continue;
            }
            boolean indented = line.startsWith(" ") || line.startsWith("\t");
            if (paragraph) {
                text.append("\n\n");
            } else if (!text.isEmpty()) {
                text.append(indented ? '\n' : ' ');
            }
            paragraph = false;
            text.append(indented ? line : stripped);
        }
        return text.toString();
    }

    private static String unquote(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
