package io.hypernetes.server.resource;

import io.hypernetes.server.http.Exchange;

/** The name under which a client's writes are kept in {@code managedFields}. */
final class FieldManagers {
    static final int LONGEST = 128;

    private FieldManagers() {}

    /** What the client calls itself, else what its User-Agent says before the first slash. */
    static String of(Exchange exchange) {
        String given = exchange.query().get("fieldManager");
        return given.isEmpty() ? product(exchange.header("User-Agent").orElse("")) : given;
    }

    private static String product(String userAgent) {
        String product = userAgent.split("/", 2)[0];
        StringBuilder name = new StringBuilder();
        int bytes = 0;
        for (int c : product.codePoints().toArray()) {
            if (!isPrintable(c)) {
                continue;
            }
            bytes += utf8Length(c);
            if (bytes > LONGEST) {
                break;
            }
            name.appendCodePoint(c);
        }
        return name.toString();
    }

    static int utf8Length(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    /** As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the space. */
    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
