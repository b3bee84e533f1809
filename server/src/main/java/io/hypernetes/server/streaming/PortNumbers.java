package io.hypernetes.server.streaming;

import java.util.OptionalInt;

/** Port numbers as clients write them. */
final class PortNumbers {
    private PortNumbers() {}

    /** Empty for what is none. */
    static OptionalInt parse(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65_535 ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
