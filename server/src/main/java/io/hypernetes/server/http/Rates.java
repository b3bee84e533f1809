package io.hypernetes.server.http;

import java.util.OptionalLong;
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
        return reserve(who, 1, perSecond, most, 0).isPresent();
    }

    /**
     * When {@code who} may do so much at once; counts it if that is soon enough.
     *
     * @param patience how long is waited, in nanoseconds
     * @return how long to wait until then, in nanoseconds
     */
    public OptionalLong reserve(
            K who, double amount, double perSecond, double most, long patience) {
        long now = nanos.getAsLong();
        if (all.size() > MANY) {
            all.values().removeIf(saved -> saved.grown(now) >= saved.most());
        }
        OptionalLong[] wait = {OptionalLong.empty()};
        all.compute(
                who,
                (_, known) -> {
                    double there = known == null ? most : Math.min(most, known.grown(now));
                    double missing = Math.max(0, amount - there) / perSecond;
                    double nanos = missing * TimeUnit.SECONDS.toNanos(1);
                    if (nanos > patience) {
                        return new Saved(there, now, perSecond, most);
                    }
                    wait[0] = OptionalLong.of((long) nanos);
                    return new Saved(there - amount, now, perSecond, most);
                });
        return wait[0];
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
