package io.hypernetes.store;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Remembers when which revision was current, coarsely, and tells up to where a {@link Retention}
 * lets history go. Used by one thread, or under its owner's lock.
 */
public final class RetentionClock {

    private record Sample(long revision, long nanos) {}

    private static final int SAMPLES_PER_AGE = 64;

    private final Retention retention;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private final long stepNanos;

    public RetentionClock(Retention retention) {
        this.retention = retention;
        this.stepNanos = Math.max(1, nanos(retention.age()) / SAMPLES_PER_AGE);
    }

    /**
     * @param revision the current one
     * @param nanos the time, as of {@link System#nanoTime}
     * @return the oldest revision that must stay readable
     */
    public long oldestToKeep(long revision, long nanos) {
        Sample last = samples.peekLast();
        if (last == null || nanos - last.nanos() >= stepNanos) {
            samples.add(new Sample(revision, nanos));
        }
        long byAge = 0;
        Sample first = samples.peekFirst();
        while (first != null && nanos - first.nanos() >= nanos(retention.age())) {
            byAge = first.revision();
            samples.removeFirst();
            first = samples.peekFirst();
        }
        return Math.max(byAge, revision - retention.revisions());
    }

    private static long nanos(Duration age) {
        // A century of nanoseconds fits; longer ages are as good as forever.
        return age.compareTo(Duration.ofDays(36_500)) < 0 ? age.toNanos() : Long.MAX_VALUE / 2;
    }
}
