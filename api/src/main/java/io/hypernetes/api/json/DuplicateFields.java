package io.hypernetes.api.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Where in a document the reader is, and the fields it has met twice. */
final class DuplicateFields {

    /** A body could else make the answer as long as itself. */
    private static final int MAX_REPORTED = 100;

    private final List<String> messages;
    private final Deque<Object> path = new ArrayDeque<>();

    DuplicateFields(List<String> messages) {
        this.messages = messages;
    }

    void enter(String field) {
        path.addLast(field);
    }

    void enter(int index) {
        path.addLast(index);
    }

    void leave() {
        path.removeLast();
    }

    /** The field that was entered last has been there before. */
    void report() {
        StringBuilder text = new StringBuilder("duplicate field \"");
        int start = text.length();
        for (Object step : path) {
            switch (step) {
                case Integer index -> text.append('[').append(index).append(']');
                case String field when text.length() == start -> text.append(field);
                default -> text.append('.').append(step);
            }
        }
        report(text.append('"').toString());
    }

    /** The same in other words. */
    void report(String message) {
        if (messages.size() < MAX_REPORTED && !messages.contains(message)) {
            messages.add(message);
        }
    }
}
