package io.hypernetes.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.http.Pace;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

class ProcessorTurnsTest {
    private static final long LONG = Pace.WORK;

    @Test
    void oneProcessorIsLeftForWhoeverAsksForLittle() throws InterruptedException {
        ProcessorTurns turns = new ProcessorTurns(3);
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch third = new CountDownLatch(1);
        try (Pace.Turn _ = next(turns, "a");
                Pace.Turn _ = next(turns, "a")) {
            Thread.ofVirtual()
                    .start(() -> {
                        waits.countDown();
                        try (Pace.Turn _ = next(turns, "a")) {
                            third.countDown();
                        }
                    });
            waits.await();
            Thread.sleep(50);
            assertThat(third.getCount()).as("computes at the same time").isEqualTo(1);
            ScopedValue.where(Pace.CURRENT, pace(turns, "a"))
                    .run(() -> Pace.turn(LONG - 1).close());
        }
        third.await();
    }

    @Test
    void tenantsComeInTurn() throws InterruptedException {
        ProcessorTurns turns = new ProcessorTurns(2);
        List<String> order = new CopyOnWriteArrayList<>();
        List<Thread> threads;
        try (Pace.Turn _ = next(turns, "loud")) {
            Thread first = asking(turns, "loud", order);
            Thread second = asking(turns, "loud", order);
            Thread quiet = asking(turns, "quiet", order);
            threads = List.of(first, second, quiet);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).hasSize(3);
        assertThat(order.indexOf("quiet")).as("not behind all of the other's").isLessThan(2);
    }

    @Test
    void theOperatorIsNotHeldUp() {
        ProcessorTurns turns = new ProcessorTurns(1);
        try (Pace.Turn _ = next(turns, "a")) {
            turns.of(session("a", true), 0, _ -> {}).turns().get().close();
            turns.of(session(Tenant.SYSTEM.name(), false), 0, _ -> {}).turns().get().close();
        }
    }

    /** Whoever is interrupted goes on, and notices at the next thing that it waits for. */
    @Test
    void anInterruptIsKept() {
        ProcessorTurns turns = new ProcessorTurns(1);
        try (Pace.Turn _ = next(turns, "a")) {
            Thread.currentThread().interrupt();
            next(turns, "b").close();
            assertThat(Thread.interrupted()).isTrue();
        }
        next(turns, "c").close();
    }

    @Test
    void aWriteIsAsLongAsItsBodyOrWhatItChanges() {
        List<String> taken = new CopyOnWriteArrayList<>();
        Pace small = new Pace(() -> counted(taken), 10, _ -> {});
        Pace large = new Pace(() -> counted(taken), LONG, _ -> {});
        ScopedValue.where(Pace.CURRENT, small).run(() -> Pace.writing(0).close());
        assertThat(taken).isEmpty();
        ScopedValue.where(Pace.CURRENT, small).run(() -> Pace.writing(LONG).close());
        ScopedValue.where(Pace.CURRENT, large).run(() -> Pace.writing(0).close());
        assertThat(taken).hasSize(2);
        Pace.writing(LONG).close(); // a controller's: it has no pace
        assertThat(taken).hasSize(2);
    }

    private static Pace.Turn counted(List<String> taken) {
        taken.add("turn");
        return Pace.Turn.FREE;
    }

    private static Thread asking(ProcessorTurns turns, String tenant, List<String> order)
            throws InterruptedException {
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Pace.Turn _ = next(turns, tenant)) {
                                order.add(tenant);
                            }
                        });
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return thread;
    }

    private static Pace.Turn next(ProcessorTurns turns, String tenant) {
        return pace(turns, tenant).turns().get();
    }

    private static Pace pace(ProcessorTurns turns, String tenant) {
        return turns.of(session(tenant, false), LONG, _ -> {});
    }

    private static Session session(String tenant, boolean operator) {
        Tenant world = new Tenant(tenant);
        UserInfo user = new UserInfo("u", "", List.of(), Map.of());
        return new Session(
                new Identity(user, Optional.of(world), Set.of(world), operator),
                Optional.of(world));
    }
}
