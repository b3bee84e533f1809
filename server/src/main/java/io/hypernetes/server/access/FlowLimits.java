package io.hypernetes.server.access;

import io.hypernetes.server.access.FairQueue.Limits;

import java.time.Duration;

/**
 * What a tenant may have under way.
 *
 * @param seats short requests under way at once, of all tenants
 * @param seatsPerTenant of one tenant
 * @param waitingPerTenant how long a tenant's line may become
 * @param patience how long a request waits in it
 * @param bytes that the bodies of requests under way may have, of all tenants
 * @param bytesPerTenant of one tenant
 * @param largeBytesPerSecond that one tenant may bring in large bodies, in the long run; four
 *     seconds' worth may come at once
 * @param listsPerTenant lists without a limit, which take the most of a processor, at once
 * @param watchesPerTenant watches, followed logs and sessions
 */
public record FlowLimits(
        int seats,
        int seatsPerTenant,
        int waitingPerTenant,
        Duration patience,
        long bytes,
        long bytesPerTenant,
        long largeBytesPerSecond,
        int listsPerTenant,
        int watchesPerTenant) {

    /** From here on a body is large. */
    static final long LARGE_BODY = 256 << 10;

    private static final int LARGE_BODIES_PER_TENANT = 2;

    /** Waiting is for bursts: who waits longer learns more from a refusal. */
    public static final FlowLimits DEFAULT =
            new FlowLimits(
                    600,
                    128,
                    256,
                    Duration.ofSeconds(15),
                    384L << 20,
                    128L << 20,
                    4L << 20,
                    16,
                    2000);

    Limits shortRequests() {
        return new Limits(seats, seatsPerTenant, waitingPerTenant, bytes, bytesPerTenant, patience);
    }

    /** Of one tenant alone: slow readers of lists hold up their own. */
    Limits lists() {
        return new Limits(
                Integer.MAX_VALUE,
                listsPerTenant,
                waitingPerTenant,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                patience);
    }

    /**
     * Of one tenant alone, too. A body waits on its client's side until there is room: a few at
     * once keep a processor busy, and each takes many times its size while it is worked on.
     */
    Limits largeBodies() {
        return new Limits(
                Integer.MAX_VALUE,
                LARGE_BODIES_PER_TENANT,
                waitingPerTenant,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                patience);
    }

    /** Nobody waits for a watch to end. */
    Limits lasting() {
        return new Limits(
                Integer.MAX_VALUE, watchesPerTenant, 0, Long.MAX_VALUE, Long.MAX_VALUE, patience);
    }
}
