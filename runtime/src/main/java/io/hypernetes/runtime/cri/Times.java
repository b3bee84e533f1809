package io.hypernetes.runtime.cri;

import java.time.Instant;

/** CRI's times: nanoseconds since the epoch. */
final class Times {

    private static final long NANOS = 1_000_000_000;

    private Times() {}

    static long nanos(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
    }

    static long now() {
        return nanos(Instant.now());
    }
}
