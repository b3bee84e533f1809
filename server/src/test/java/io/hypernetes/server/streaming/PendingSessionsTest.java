package io.hypernetes.server.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class PendingSessionsTest {
    private final AtomicLong now = new AtomicLong();
    private final PendingSessions<String> pending = new PendingSessions<>(now::get);

    @Test
    void aSecretOpensOnce() {
        String secret = pending.add("x").orElseThrow();
        assertThat(pending.take(secret)).contains("x");
        assertThat(pending.take(secret)).isEmpty();
    }

    @Test
    void aSecretOpensNothingAfterAMinute() {
        String secret = pending.add("x").orElseThrow();
        now.addAndGet(PendingSessions.LIFE.toNanos());
        assertThat(pending.take(secret)).isEmpty();
    }

    @Test
    void noMoreWaitThanThereIsRoomFor() {
        for (int i = 0; i < PendingSessions.MOST; i++) {
            assertThat(pending.add("x")).isPresent();
        }
        assertThat(pending.add("x")).isEmpty();
        now.addAndGet(PendingSessions.LIFE.toNanos());
        assertThat(pending.add("x")).isPresent();
    }
}
