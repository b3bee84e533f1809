package io.hypernetes.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long SECOND = 1_000_000_000L;

    private static int taken(RateLimit limit, long now) {
        int taken = 0;
        while (limit.take(now)) {
            taken++;
        }
        return taken;
    }

    @Test
    void thereIsABurstAndThenARate() {
        RateLimit limit = new RateLimit(100, 10, 0);
        assertThat(taken(limit, 0)).isEqualTo(10);
        assertThat(taken(limit, SECOND / 20)).isEqualTo(5);
        assertThat(taken(limit, 100 * SECOND)).isEqualTo(10);
        assertThat(taken(limit, 0)).as("a clock that goes back").isZero();
    }
}
