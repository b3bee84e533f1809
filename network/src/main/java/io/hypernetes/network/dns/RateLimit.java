package io.hypernetes.network.dns;

/** So many questions each second, with some in advance. Safe for all threads. */
final class RateLimit {

    private final double perNano;
    private final double most;

    /** Guarded by this. */
    private double tokens;

    /** Guarded by this. */
    private long last;

    RateLimit(int perSecond, int burst, long now) {
        this.perNano = perSecond / 1e9;
        this.most = burst;
        this.tokens = burst;
        this.last = now;
    }

    /**
     * @param now in nanoseconds, of a clock that does not go back
     */
    synchronized boolean take(long now) {
        tokens = Math.min(most, tokens + Math.max(0, now - last) * perNano);
        last = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
