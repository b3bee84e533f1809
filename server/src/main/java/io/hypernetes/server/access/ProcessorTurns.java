package io.hypernetes.server.access;

import io.hypernetes.api.Tenant;
import io.hypernetes.server.http.CarrierPriority;
import io.hypernetes.server.http.Pace;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Who may compute for long: all tenants together on all processors but one, by turns, so that one
 * is there for whoever asks for little, and at the lowest priority. The operator is not held up.
 */
final class ProcessorTurns {
    private static final Duration FOREVER = Duration.ofDays(1);

    private final FairQueue turns;

    ProcessorTurns(int processors) {
        int atOnce = Math.max(1, processors - 1);
        turns =
                new FairQueue(
                        new FairQueue.Limits(atOnce, atOnce, Integer.MAX_VALUE, 0, 0, FOREVER));
    }

    /**
     * @param bodyBytes that the request may bring
     * @param received is told how long a body was that did not say so
     */
    Pace of(Session session, long bodyBytes, LongConsumer received) {
        boolean held =
                !session.identity().operator()
                        && session.world().filter(world -> !world.isSystem()).isPresent();
        String tenant = session.world().map(Tenant::name).orElse("");
        return new Pace(held ? () -> next(tenant) : () -> Pace.Turn.FREE, bodyBytes, received);
    }

    private Pace.Turn next(String tenant) {
        try {
            FairQueue.Seat seat = turns.take(tenant, 0);
            Pace.Turn lowered = CarrierPriority.lower();
            return () -> {
                lowered.close();
                seat.close();
            };
        } catch (InterruptedException _) {
            // Whoever interrupted wants an end: the next wait for anything else is it.
            Thread.currentThread().interrupt();
            return Pace.Turn.FREE;
        } catch (FairQueue.Refused e) {
            throw new IllegalStateException("a turn was waited for in vain", e);
        }
    }
}
