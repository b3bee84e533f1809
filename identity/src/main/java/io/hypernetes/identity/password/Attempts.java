package io.hypernetes.identity.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Slows guessing down: five attempts are free, then each failure closes the door for that user
 * name, first for a second, then twice as long, at most half a minute. It opens again by itself, so
 * that nobody can lock a user out for good.
 *
 * <p>Attempts are counted before they are tried: a thousand at once are a thousand attempts.
 */
public final class Attempts {

    private record Count(int attempts, Instant closedUntil) {}

    private static final int FREE = 5;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration FORGET = Duration.ofMinutes(15);
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Cache<String, Count> counts =
            Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(FORGET).build();

    public Attempts(Clock clock) {
        this.clock = clock;
    }

    /** Counts an attempt. Returns how long to wait before the next when the door is closed. */
    public Optional<Duration> begin(String username) {
        Instant now = clock.instant();
        Duration[] wait = {Duration.ZERO}; // set by the function below, which runs once, here
        counts.asMap()
                .compute(
                        username,
                        (_, old) -> {
                            Count count = old == null ? new Count(0, Instant.MIN) : old;
                            if (now.isBefore(count.closedUntil())) {
                                wait[0] = Duration.between(now, count.closedUntil());
                                return count;
                            }
                            int attempts = count.attempts() + 1;
                            return new Count(attempts, now.plus(pause(attempts)));
                        });
        return wait[0].isZero() ? Optional.empty() : Optional.of(wait[0]);
    }

    /** A right password forgets the wrong ones before it. */
    public void succeeded(String username) {
        counts.invalidate(username);
    }

    /** The refusal of an attempt that must wait. */
    public static ApiException tooMany(Duration wait) {
        int seconds = (int) Math.max(1, wait.toSeconds());
        Status.Details details = new Status.Details("", "", "", "", List.of(), seconds);
        return new ApiException(
                new Status(
                        Reason.TOO_MANY_REQUESTS.code(),
                        Reason.TOO_MANY_REQUESTS,
                        "Too many failed logins, please try again later.",
                        Optional.of(details)));
    }

    private static Duration pause(int attempts) {
        if (attempts < FREE) {
            return Duration.ZERO;
        }
        Duration pause = Duration.ofSeconds(1L << Math.min(attempts - FREE, 5));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
