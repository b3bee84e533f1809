package io.hypernetes.controllerruntime;

import java.time.Duration;
import java.util.List;

/** Waits for threads that have been told to end, so that what they use can be closed after them. */
final class Endings {
    /** One that does not heed its interruption is left behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Endings() {}

    /** A thread that closes itself is not waited for; an interruption ends the waiting. */
    static void await(List<Thread> threads) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (!thread.equals(Thread.currentThread()) && left.isPositive()) {
                    thread.join(left);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
