package io.hypernetes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How often each of many may do something. */
class RatesTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // clocks wrap round
    private final Rates<String> rates = new Rates<>(now::get);

    private int taken(String who, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += rates.take(who, 5, 50) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void whatWasSavedAtOnceAndThenSoManyASecond() {
        assertThat(taken("busy", 1000)).isEqualTo(50);
        now.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(taken("busy", 1000)).isEqualTo(15);
        assertThat(taken("other", 1000)).as("another has its own").isEqualTo(50);
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(taken("busy", 1000)).as("no more is saved").isEqualTo(50);
    }

    @Test
    void aSmallerLimitHoldsAtOnce() {
        assertThat(rates.take("busy", 5, 50)).isTrue();
        assertThat(rates.take("busy", 1, 1)).isTrue();
        assertThat(rates.take("busy", 1, 1)).isFalse();
    }

    @Test
    void whatIsLargeWaitsForItsTurn() {
        long second = Duration.ofSeconds(1).toNanos();
        assertThat(rates.reserve("busy", 60, 5, 50, 2 * second)).hasValue(2 * second);
        assertThat(rates.reserve("busy", 1, 5, 50, 2 * second)).as("would take longer").isEmpty();
        now.addAndGet(2 * second);
        assertThat(rates.reserve("busy", 5, 5, 50, 2 * second)).hasValue(second);
        rates.charge("other", 100, 5, 50);
        assertThat(rates.reserve("other", 1, 5, 50, 2 * second)).as("owes").isEmpty();
    }

    @Test
    void whoHasSavedEverythingIsForgotten() {
        for (int i = 0; i < 10_001; i++) {
            rates.take("one of many " + i, 5, 50);
        }
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        rates.take("other", 5, 50);
        assertThat(rates.remembered()).isEqualTo(1);
    }
}
