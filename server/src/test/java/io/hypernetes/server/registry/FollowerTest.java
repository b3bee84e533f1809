package io.hypernetes.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.memory.MemoryStore;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a follower sees, also after a failure, and how it ends. */
class FollowerTest {
    private static final Extent ALL = Extent.everywhere(BuiltinTypes.NAMESPACES);

    private final AtomicInteger beginnings = new AtomicInteger();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final Follower.Duty duty =
            new Follower.Duty() {
                @Override
                public void begin(List<Served> all) {
                    beginnings.incrementAndGet();
                    all.forEach(served -> seen.add(served.path().name()));
                }

                @Override
                public void see(ServedEvent event) {
                    String name = event.object().path().name();
                    if (name.equals("trouble")) {
                        throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "trouble");
                    }
                    seen.add(name);
                }

                @Override
                public Duration work() {
                    return Duration.ofMinutes(5);
                }
            };

    private static void create(Registry registry, String name) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        new LocalClient(registry).create(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, namespace);
    }

    private void awaitSeen(String name) throws InterruptedException {
        String next = "";
        while (!next.equals(name)) {
            next = Objects.requireNonNull(seen.poll(1, TimeUnit.MINUTES), name);
        }
    }

    @Test
    void seesWhatIsThereAndWhatComesAndBeginsAgainAfterAFailure() throws InterruptedException {
        MemoryStore store = new MemoryStore();
        try (Registry registry = Registry.open(store, Schemas.kubernetes());
                Follower follower = new Follower("test", registry.reads(), ALL, duty)) {
            create(registry, "there");
            follower.start();
            awaitSeen("there");
            create(registry, "comes");
            awaitSeen("comes");
            create(registry, "trouble");
            awaitSeen("trouble");
            create(registry, "later");
            awaitSeen("later");
            assertThat(beginnings).hasValue(2);
        } finally {
            store.close();
        }
    }

    @Test
    void nothingIsAtWorkOnceItIsClosed() throws InterruptedException {
        MemoryStore store = new MemoryStore();
        CountDownLatch working = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (Registry registry = Registry.open(store, Schemas.kubernetes())) {
            Follower follower = new Follower("test", registry.reads(), ALL, duty);
            follower.start();
            follower.apart(
                    "slow",
                    () -> {
                        working.countDown();
                        try {
                            Thread.sleep(Duration.ofMinutes(5));
                        } catch (InterruptedException _) {
                            ended.set(true);
                        }
                    });
            working.await();
            follower.close();
            assertThat(ended).isTrue();
        } finally {
            store.close();
        }
    }

    /** What a closed store throws must reach nobody's handler of uncaught exceptions. */
    @Test
    void failuresOfWhatIsDoneApartEndThereAndNowhereElse() throws InterruptedException {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        AtomicInteger uncaught = new AtomicInteger();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            if (thread.getName().equals("failing")) {
                uncaught.incrementAndGet();
            }
        });
        MemoryStore store = new MemoryStore();
        try (Registry registry = Registry.open(store, Schemas.kubernetes());
                Follower follower = new Follower("test", registry.reads(), ALL, duty)) {
            CountDownLatch reached = new CountDownLatch(1);
            follower.apart(
                    "failing",
                    () -> {
                        reached.countDown();
                        throw new StoreException("the store is closed");
                    });
            reached.await();
        } finally {
            store.close();
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).hasValue(0);
    }
}
