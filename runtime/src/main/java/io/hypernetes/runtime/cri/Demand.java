package io.hypernetes.runtime.cri;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many machines should stand by: as many as were asked for lately, within bounds, so that who
 * starts many pods at once finds as many the next time. Times are of {@link System#nanoTime}.
 *
 * <p>All methods are guarded by this.
 */
final class Demand {

    private final int least;
    private final int most;
    private final Duration memory;
    private final Deque<Long> asked = new ArrayDeque<>();

    /**
     * @param memory how long it is remembered that somebody has asked
     */
    Demand(int least, int most, Duration memory) {
        this.least = least;
        this.most = Math.max(least, most);
        this.memory = memory;
    }

    synchronized void asked(long now) {
        asked.addLast(now);
        if (asked.size() > most) {
            asked.removeFirst();
        }
    }

    synchronized int at(long now) {
        while (!asked.isEmpty() && now - asked.getFirst() > memory.toNanos()) {
            asked.removeFirst();
        }
        return Math.clamp(asked.size(), least, most);
    }
}
