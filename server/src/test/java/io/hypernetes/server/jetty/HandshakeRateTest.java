package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How many connections an address may open. */
class HandshakeRateTest {
    private static final InetAddress FLOODING = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // clocks wrap round
    private final HandshakeRate rate = new HandshakeRate(5, now::get);

    private int taken(InetAddress address, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += rate.take(address) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void tenSecondsWorthAtOnceAndThenSoManyASecond() {
        assertThat(taken(FLOODING, 1000)).isEqualTo(50);
        now.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(taken(FLOODING, 1000)).isEqualTo(15);
        assertThat(taken(OTHER, 1000)).as("another address has its own").isEqualTo(50);
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(taken(FLOODING, 1000)).as("no more is saved").isEqualTo(50);
    }

    @Test
    void addressesWithEverythingSavedAreForgotten() {
        for (int i = 0; i < 10_001; i++) {
            byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            rate.take(addressOf(address));
        }
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        rate.take(OTHER);
        assertThat(rate.remembered()).isEqualTo(1);
    }

    private static InetAddress addressOf(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
