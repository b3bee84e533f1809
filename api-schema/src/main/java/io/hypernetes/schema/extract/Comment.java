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
     * left out, all that follows {@code ---} too, lines joined. The protoc sources lack the empty
     * lines between paragraphs; the model classes' text has two spaces in their place.
     *
     * @param model the model class's text, may be empty
     */
    String text(String model) {
        StringBuilder text = new StringBuilder();
        String last = "";
        for (String line : lines) {
            String stripped = line.strip();
            if (stripped.startsWith("---")) {
                break;
            }
            if (stripped.isEmpty() || stripped.startsWith("+") || stripped.startsWith("TODO")) {
                continue;
            }
            boolean indented = line.startsWith(" ") || line.startsWith("\t");
            if (!text.isEmpty()) {
                boolean paragraph = !indented && model.contains(last + "  " + start(stripped));
                text.append(paragraph ? "\n\n" : indented ? "\n" : " ");
            }
            text.append(indented ? line.stripTrailing() : stripped);
            last = stripped.substring(Math.max(0, stripped.length() - 24));
        }
        return text.isEmpty() ? model : text.toString();
    }

    private static String start(String line) {
        return line.substring(0, Math.min(24, line.length()));
    }

    private static String unquote(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
