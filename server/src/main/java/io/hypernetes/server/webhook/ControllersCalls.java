package io.hypernetes.server.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What the program's own controllers, who work for all tenants, spend on waiting for the webhooks
 * of one. Two of their writes may wait at once; after a webhook was slow, the tenant's next ones
 * are refused for a while that grows with how slow it was, whatever its failure policy says. They
 * come again by themselves. Calls for the tenant's users are the tenant's own affair: they hold its
 * own seats alone.
 */
final class ControllersCalls {
    private static final int AT_ONCE = 2;

    /** An answer within this time costs nothing. */
    private static final long QUICK = Duration.ofSeconds(1).toNanos();

    /** Of a worker's time, one webhook gets a part of this. */
    private static final long SHARE = 10;

    private final LongSupplier nanos;
    private final Map<Tenant, State> states = new ConcurrentHashMap<>();

    /**
     * @param until when the next call may be made, by the clock of {@code nanos}
     */
    private record State(int waiting, long until, boolean slow) {
        static final State NEW = new State(0, 0, false);
    }

    ControllersCalls(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A webhook is asked. */
    interface Call<T> {
        T ask() throws WebhookException;
    }

    /** Throws TooManyRequests when this tenant's webhooks have to be waited for too much. */
    <T> T within(Tenant tenant, String webhook, Call<T> call) throws WebhookException {
        enter(tenant, webhook);
        long start = nanos.getAsLong();
        try {
            return call.ask();
        } finally {
            leave(tenant, start);
        }
    }

    private void enter(Tenant tenant, String webhook) {
        states.compute(
                tenant,
                (_, known) -> {
                    State state = known == null ? State.NEW : known;
                    boolean resting = state.slow() && state.until() - nanos.getAsLong() > 0;
                    if (resting || state.waiting() >= AT_ONCE) {
                        throw ApiException.of(
                                Reason.TOO_MANY_REQUESTS,
                                "webhook \""
                                        + webhook
                                        + "\" of tenant \""
                                        + tenant.name()
                                        + "\" is slow: the next try is later, so that other tenants"
                                        + " do not wait for it");
                    }
                    return new State(state.waiting() + 1, state.until(), state.slow());
                });
    }

    private void leave(Tenant tenant, long start) {
        long end = nanos.getAsLong();
        states.computeIfPresent(
                tenant,
                (_, state) -> {
                    int waiting = state.waiting() - 1;
                    if (end - start > QUICK) {
                        return new State(waiting, end + SHARE * (end - start), true);
                    }
                    boolean resting = state.slow() && state.until() - end > 0;
                    return waiting == 0 && !resting
                            ? null
                            : new State(waiting, state.until(), resting);
                });
    }

    /** Tenants that something is remembered of. */
    int remembered() {
        return states.size();
    }
}
