package io.hypernetes.identity.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

class ConfirmationsTest {
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final ByteBuffer KEY = ByteBuffer.wrap(new byte[] {1});

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aServerThatIsSlowerThanFreshIsNotAskedByEachWhoWaits() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        Supplier<Optional<String>> question =
                () -> {
                    asked.incrementAndGet();
                    await().until(() -> answered.getCount() == 0);
                    later(FRESH.multipliedBy(2));
                    return Optional.of("yes");
                };
        ConcurrentLinkedQueue<Optional<String>> answers = new ConcurrentLinkedQueue<>();
        try (Confirmations<String> confirmations = confirmations()) {
            Thread first = Thread.ofPlatform().start(() -> confirmations.get(KEY, question));
            await().until(() -> asked.get() == 1);
            later(Duration.ofMillis(1));
            List<Thread> others =
                    Stream.generate(() ->
                                    Thread.ofPlatform()
                                            .start(() ->
                                                    answers.add(confirmations.get(KEY, question))))
                            .limit(20)
                            .toList();
            await().until(() ->
                    others.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));
            answered.countDown();
            first.join();
            for (Thread other : others) {
                other.join();
            }
        }
        assertThat(answers).hasSize(20).containsOnly(Optional.of("yes"));
        // Once by the first, and once by one of those who came after the first had asked.
        assertThat(asked).hasValue(2);
    }

    @Test
    void aYesStaysOneWhileNobodyCanBeAskedAndNoLonger() {
        try (Confirmations<String> confirmations = confirmations()) {
            assertThat(confirmations.get(KEY, () -> Optional.of("yes"))).contains("yes");
            later(Duration.ofSeconds(30));
            assertThat(confirmations.get(KEY, ConfirmationsTest::unreachable)).contains("yes");
            later(Duration.ofSeconds(31));
            assertThatThrownBy(() -> confirmations.get(KEY, ConfirmationsTest::unreachable))
                    .isInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void manyAreRememberedAndNotAll() {
        try (Confirmations<String> confirmations = confirmations()) {
            for (int i = 0; i < Confirmations.REMEMBERED + 5_000; i++) {
                ByteBuffer key = ByteBuffer.allocate(Integer.BYTES).putInt(i).flip();
                assertThat(confirmations.get(key, () -> Optional.of("yes"))).contains("yes");
            }
            assertThat(confirmations.remembered())
                    .isPositive()
                    .isLessThanOrEqualTo(Confirmations.REMEMBERED);
        }
    }

    private Confirmations<String> confirmations() {
        InstantSource source = now::get;
        return new Confirmations<>(FRESH, Duration.ofMinutes(1), source.withZone(ZoneOffset.UTC));
    }

    private void later(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static Optional<String> unreachable() {
        throw new UnreachableException("it is down");
    }
}
