package io.hypernetes.server.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often each of many may do something: so many times a second in the long run, and what was not
 * used of that, up to a limit, at once. Safe for all threads.
 */
public final class Rates<K> {

    /** So many are remembered before those who have saved everything are forgotten. */
    private static final int MANY = 10_000;

    private final LongSupplier nanos;
    private final ConcurrentMap<K, Saved> all = new ConcurrentHashMap<>();

    /** What one may still do at once, as it was at an instant. */
    private record Saved(double times, long at, double perSecond, double most) {
        double grown(long now) {
            double seconds = (now - at) / (double) TimeUnit.SECONDS.toNanos(1);
            return Math.min(most, times + seconds * perSecond);
        }
    }

    public Rates(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Whether {@code who} may do it once more now; counts it if so.
     *
     * @param most at once, after a pause
     */
    public boolean take(K who, double perSecond, double most) {
        return take(who, 1, perSecond, most);
    }

    /**
     * The same for so much at once.
     *
     * @param most more than {@code amount}, or it never may
     */
    public boolean take(K who, double amount, double perSecond, double most) {
        long now = nanos.getAsLong();
        if (all.size() > MANY) {
            all.values().removeIf(saved -> saved.grown(now) >= saved.most());
        }
        boolean[] taken = new boolean[1];
        all.compute(
                who,
                (_, known) -> {
                    double there = known == null ? most : Math.min(most, known.grown(now));
                    taken[0] = there >= amount;
                    return new Saved(taken[0] ? there - amount : there, now, perSecond, most);
                });
        return taken[0];
    }

    /** Counts what was done already: the next time may have to wait for it. */
    public void charge(K who, double amount, double perSecond, double most) {
        long now = nanos.getAsLong();
        all.compute(
                who,
                (_, known) -> {
                    double there = known == null ? most : Math.min(most, known.grown(now));
                    return new Saved(there - amount, now, perSecond, most);
                });
    }

    /** Forgets who does nothing any more. */
    public void forget(K who) {
        all.remove(who);
    }

    int remembered() {
        return all.size();
    }
}
