package io.hypernetes.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.store.StoreException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class VigilTest {
    private static final Duration SOON = Duration.ofMillis(1);

    @Test
    void whatIsRefusedIsEnded() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (Vigil _ =
                Vigil.over(
                        SOON,
                        () -> {
                            if (asked.incrementAndGet() == 3) {
                                throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
                            }
                        },
                        ended::countDown)) {
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void troublesOfTheOneWhoIsAskedEndNothing() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(3);
        try (Vigil _ =
                Vigil.over(
                        SOON,
                        () -> {
                            asked.countDown();
                            if (asked.getCount() % 2 == 0) {
                                throw new StoreException("the disk is full");
                            }
                            throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "later");
                        },
                        ended::countDown)) {
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ended.getCount()).isEqualTo(1);
    }
}
