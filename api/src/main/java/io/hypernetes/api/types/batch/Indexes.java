package io.hypernetes.api.types.batch;

import java.util.BitSet;

/** Sets of indexes as jobs write them, {@code 0,2-5,7}. */
public final class Indexes {

    private Indexes() {}

    /** How many indexes a text names. Throws IllegalArgumentException saying what is wrong. */
    static long count(String text, long completions) {
        return parse(text, completions).cardinality();
    }

    /** The shortest text for a set. */
    public static String format(BitSet indexes) {
        StringBuilder text = new StringBuilder();
        for (int from = indexes.nextSetBit(0); from >= 0; ) {
            int end = indexes.nextClearBit(from);
            text.append(text.isEmpty() ? "" : ",").append(from);
            if (end - from == 2) {
                text.append(',').append(end - 1);
            } else if (end - from > 2) {
                text.append('-').append(end - 1);
            }
            from = indexes.nextSetBit(end);
        }
        return text.toString();
    }

    /** Throws IllegalArgumentException saying what is wrong. */
    public static BitSet parse(String text, long completions) {
        BitSet indexes = new BitSet();
        if (text.isEmpty()) {
            return indexes;
        }
        long last = -1;
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException(
                        "the fragment \""
                                + part
                                + "\" violates the requirement that an index"
                                + " interval can have at most two parts separated by '-'");
            }
            long from = number(ends[0], completions);
            long to = number(ends[ends.length - 1], completions);
            if (from <= last) {
                throw new IllegalArgumentException(
                        "non-increasing order, previous: " + last + ", current: " + from);
            }
            if (ends.length == 2 && to <= from) {
                throw new IllegalArgumentException(
                        "non-increasing order, previous: " + from + ", current: " + to);
            }
            indexes.set((int) from, (int) to + 1);
            last = to;
        }
        return indexes;
    }

    private static long number(String text, long completions) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "cannot convert string to integer for index: \"" + text + "\"");
        }
        long number = Long.parseLong(text);
        if (number >= completions) {
            throw new IllegalArgumentException("too large index: \"" + text + "\"");
        }
        return number;
    }
}
