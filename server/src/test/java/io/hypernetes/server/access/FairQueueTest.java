package io.hypernetes.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.server.access.FairQueue.Limits;
import io.hypernetes.server.access.FairQueue.Refusal;
import io.hypernetes.server.access.FairQueue.Refused;
import io.hypernetes.server.access.FairQueue.Seat;
import io.hypernetes.server.flow.Flow;
import io.hypernetes.server.flow.PriorityLevel;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

class FairQueueTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Limits limits(int seats, int perTenant, int waiting) {
        return new Limits(seats, perTenant, waiting, 1000, 100, LONG);
    }

    /** Takes a seat on a thread of its own, notes its name and gives the seat back. */
    private static CompletableFuture<Void> taker(
            FairQueue queue, String tenant, List<String> order) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Seat _ = queue.take(tenant, 0)) {
                        order.add(tenant);
                    } catch (Refused | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                runnable -> Thread.ofVirtual().start(runnable));
    }

    private static void awaitWaiting(FairQueue queue, int count) throws InterruptedException {
        for (int i = 0; i < 60_000 && queue.waiting() != count; i++) {
            Thread.sleep(1);
        }
        assertThat(queue.waiting()).isEqualTo(count);
    }

    @Test
    void aFreedSeatGoesToTheTenantsInTurn() throws Exception {
        FairQueue queue = new FairQueue(limits(1, 1, 10));
        List<String> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> takers = new ArrayList<>();
        try (Seat _ = queue.take("busy", 0)) {
            for (int i = 0; i < 5; i++) {
                takers.add(taker(queue, "busy", order));
                awaitWaiting(queue, i + 1);
            }
            takers.add(taker(queue, "quiet", order));
            awaitWaiting(queue, 6);
        }
        takers.forEach(CompletableFuture::join);
        assertThat(order).hasSize(6);
        assertThat(order.indexOf("quiet")).isLessThan(2);
        assertThat(queue.seated()).isZero();
        assertThat(queue.remembered()).isZero();
    }

    private static Flow flow(String name, boolean rejects, int most) {
        return new Flow(name, new PriorityLevel(name, name, false, 1, rejects, most), name);
    }

    @Test
    void aLevelMayRefuseOrBoundItsFlows() throws Exception {
        FairQueue queue = new FairQueue(limits(1, 1, 10));
        try (Seat _ = queue.take("a", flow("any", false, 1), 0)) {
            assertThatThrownBy(() -> queue.take("a", flow("strict", true, 1), 0))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.CONCURRENCY_LIMIT));
            assertThatThrownBy(() -> queue.take("a", flow("none", false, 0), 0))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.QUEUE_FULL));
        }
        queue.take("a", flow("strict", true, 1), 0).close();
        assertThat(queue.remembered()).isZero();
    }

    @Test
    void aTenantHasItsOwnSeatsAndItsOwnLine() throws Exception {
        FairQueue queue = new FairQueue(limits(10, 1, 0));
        try (Seat _ = queue.take("a", 0);
                Seat _ = queue.take("b", 0)) {
            assertThatThrownBy(() -> queue.take("a", 0))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.QUEUE_FULL));
        }
        queue.take("a", 0).close();
        assertThat(queue.remembered()).isZero();
    }

    @Test
    void whoWaitsTooLongIsRefusedAndLeavesNothing() throws Exception {
        FairQueue queue = new FairQueue(new Limits(1, 1, 5, 1000, 100, Duration.ofMillis(20)));
        try (Seat _ = queue.take("a", 0)) {
            assertThatThrownBy(() -> queue.take("b", 0))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.TIME_OUT));
        }
        assertThat(queue.waiting()).isZero();
        queue.take("c", 0).close();
        assertThat(queue.remembered()).isZero();
    }

    @Test
    void bodiesAreBoundedForATenantAndForAll() throws Exception {
        FairQueue queue = new FairQueue(new Limits(10, 10, 0, 150, 100, LONG));
        try (Seat _ = queue.take("a", 90)) {
            assertThatThrownBy(() -> queue.take("a", 11)).hasMessage("body-bytes");
            assertThatThrownBy(() -> queue.take("b", 61)).hasMessage("body-bytes");
            queue.take("b", 60).close();
            queue.take("a", 10).close();
        }
        queue.take("b", 100).close();
        assertThat(queue.remembered()).isZero();
    }

    @Property(tries = 20)
    void neverMoreAtOnceThanThereAreSeats(
            @ForAll @IntRange(min = 1, max = 4) int seats,
            @ForAll @IntRange(min = 1, max = 3) int perTenant,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 5) Integer> tenants) {
        FairQueue queue = new FairQueue(limits(seats, perTenant, 1000));
        AtomicInteger all = new AtomicInteger();
        AtomicInteger[] each = new AtomicInteger[6];
        for (int i = 0; i < each.length; i++) {
            each[i] = new AtomicInteger();
        }
        List<String> faults = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> takers = new ArrayList<>();
        for (int tenant : tenants) {
            takers.add(
                    CompletableFuture.runAsync(
                            () -> {
                                try (Seat _ = queue.take("t" + tenant, 0)) {
                                    if (all.incrementAndGet() > seats
                                            || each[tenant].incrementAndGet() > perTenant) {
                                        faults.add("too many");
                                    }
                                    Thread.yield();
                                    each[tenant].decrementAndGet();
                                    all.decrementAndGet();
                                } catch (Refused | InterruptedException e) {
                                    faults.add(e.toString());
                                }
                            },
                            runnable -> Thread.ofVirtual().start(runnable)));
        }
        takers.forEach(CompletableFuture::join);
        assertThat(faults).isEmpty();
        assertThat(queue.remembered()).isZero();
    }
}
