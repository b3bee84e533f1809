package io.hypernetes.server.streaming;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What has been asked for and is yet to be fetched, by a secret that opens it once and not for
 * long: whoever has it needs no other credentials. Guarded by itself.
 */
final class PendingSessions<S> {
    /** As the kubelet's streaming server has it. */
    static final Duration LIFE = Duration.ofMinutes(1);

    static final int MOST = 1000;

    private static final int SECRET_BYTES = 16;

    private record Pending<S>(S session, long since) {}

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanos;

    /** The eldest first. */
    private final Map<String, Pending<S>> waiting = new LinkedHashMap<>();

    PendingSessions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * @return the secret; empty when too many wait
     */
    synchronized Optional<String> add(S session) {
        dropOld();
        if (waiting.size() >= MOST) {
            return Optional.empty();
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        waiting.put(text, new Pending<>(session, nanos.getAsLong()));
        return Optional.of(text);
    }

    /** Empty when the secret is none, was used before, or too long ago given out. */
    synchronized Optional<S> take(String secret) {
        dropOld();
        return Optional.ofNullable(waiting.remove(secret)).map(Pending::session);
    }

    private void dropOld() {
        long now = nanos.getAsLong();
        for (Iterator<Pending<S>> each = waiting.values().iterator(); each.hasNext(); ) {
            if (now - each.next().since() < LIFE.toNanos()) {
                return;
            }
            each.remove();
        }
    }
}
