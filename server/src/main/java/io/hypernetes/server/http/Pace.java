package io.hypernetes.server.http;

import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * How much of the processors a request may take at once. A virtual thread keeps its processor until
 * it waits for something, so a few that compute for long would keep everybody else waiting. What
 * computes for long takes a turn for each piece of it, and within one waits for nothing.
 *
 * <p>The pace goes with the request's thread ({@link ScopedValue}): who has none, as the program's
 * own controllers, is not held up.
 *
 * @param turns waits for the next one; an interrupt is kept for whoever waits next
 * @param bodyBytes that the request may bring
 * @param received is told how long a body was that did not say so
 */
public record Pace(Supplier<Turn> turns, long bodyBytes, LongConsumer received) {
    /** From so many bytes on something is work: about half a millisecond. */
    public static final int WORK = 64 * 1024;

    public static final ScopedValue<Pace> CURRENT = ScopedValue.newInstance();

    /** A turn to compute; ends when it is closed. */
    @FunctionalInterface
    public interface Turn extends AutoCloseable {
        Turn FREE = () -> {};

        @Override
        void close();
    }

    /**
     * The current request's next turn, if there is so much to do.
     *
     * @param bytes that are read or made
     */
    public static Turn turn(long bytes) {
        return bytes >= WORK && CURRENT.isBound() ? CURRENT.get().turns().get() : Turn.FREE;
    }

    /**
     * The same for a write, which does what its request brings or what there is already.
     *
     * @param bytes of the object that is changed
     */
    public static Turn writing(long bytes) {
        return CURRENT.isBound() ? turn(Math.max(bytes, CURRENT.get().bodyBytes())) : Turn.FREE;
    }

    /** A body of unknown length has come. */
    static void received(long bytes) {
        if (CURRENT.isBound()) {
            CURRENT.get().received().accept(bytes);
        }
    }

    /** Computes within a turn, if there is so much to do. */
    public static <T> T in(long bytes, Supplier<T> work) {
        try (Turn _ = turn(bytes)) {
            return work.get();
        }
    }
}
