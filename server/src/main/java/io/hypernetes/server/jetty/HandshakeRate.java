package io.hypernetes.server.jetty;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many connections an address may open: so many a second, and what it did not use of the last
 * ten seconds. A handshake costs the server about a millisecond of a processor, before it is known
 * who asks. Safe for all threads.
 */
final class HandshakeRate {
    private static final int SECONDS_SAVED = 10;

    /** Addresses that are remembered before those with everything saved are forgotten. */
    private static final int MANY = 10_000;

    private final int perSecond;
    private final LongSupplier nanos;
    private final ConcurrentMap<InetAddress, Saved> addresses = new ConcurrentHashMap<>();

    /** What an address may still open at once, as it was at an instant. */
    private record Saved(double connections, long at) {}

    HandshakeRate(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    /** Whether one more may be opened; counts it. */
    boolean take(InetAddress address) {
        long now = nanos.getAsLong();
        if (addresses.size() > MANY) {
            addresses.values().removeIf(saved -> grown(saved, now) >= most());
        }
        boolean[] taken = new boolean[1];
        addresses.compute(
                address,
                (_, known) -> {
                    double there = known == null ? most() : grown(known, now);
                    taken[0] = there >= 1;
                    return new Saved(taken[0] ? there - 1 : there, now);
                });
        return taken[0];
    }

    private double most() {
        return (double) perSecond * SECONDS_SAVED;
    }

    private double grown(Saved saved, long now) {
        double seconds = (now - saved.at()) / (double) TimeUnit.SECONDS.toNanos(1);
        return Math.min(most(), saved.connections() + seconds * perSecond);
    }

    int remembered() {
        return addresses.size();
    }
}
