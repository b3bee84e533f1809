package io.hypernetes.identity.remote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What another server has confirmed, remembered for a short time and asked again while it is used.
 *
 * <p>The rule: an answer younger than half of {@code fresh} is given as it is; an older one is
 * given, too, while it is asked again beside; one older than {@code fresh} is asked again first. So
 * what changes over there is felt within {@code fresh}, and who is active hardly ever waits. When
 * the other server cannot be asked, a yes that it gave less than {@code grace} ago stays one, and a
 * no stays a no; whoever is not known is refused.
 *
 * <p>Each question is asked once at a time, however many wait for its answer.
 *
 * @param <V> what is known of those who were confirmed
 */
public final class Confirmations<V> implements AutoCloseable {

    private record Answer<V>(Optional<V> value, Instant when) {}

    /** One question. Its lock is held by who asks; the answer is read without it. */
    private static final class Slot<V> {
        final ReentrantLock asking = new ReentrantLock();
        volatile @Nullable Answer<V> answer;
    }

    /** Whoever was not seen for longest is forgotten first. */
    static final int REMEMBERED = 20_000;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Duration fresh;
    private final Duration grace;
    private final Clock clock;
    private final Cache<ByteBuffer, Slot<V>> slots;
    private volatile boolean closed;

    /**
     * @param fresh how old an answer may be
     * @param grace how old a yes may be while the other server cannot be asked; at least {@code
     *     fresh}
     */
    public Confirmations(Duration fresh, Duration grace, Clock clock) {
        this.fresh = fresh;
        this.grace = grace.compareTo(fresh) < 0 ? fresh : grace;
        this.clock = clock;
        this.slots =
                Caffeine.newBuilder()
                        .maximumSize(REMEMBERED)
                        .expireAfterAccess(this.grace.plus(fresh))
                        .build();
    }

    /**
     * @param question asks the other server: empty is a no; throws {@link UnreachableException}
     * @return empty for a no
     * @throws UnreachableException when nothing is known and the other server cannot be asked
     */
    public Optional<V> get(ByteBuffer key, Supplier<Optional<V>> question) {
        Slot<V> slot = slots.get(key, _ -> new Slot<>());
        Answer<V> known = slot.answer;
        if (known == null) {
            return ask(slot, question);
        }
        Duration age = age(known);
        if (age.compareTo(fresh) >= 0) {
            return ask(slot, question);
        }
        if (age.compareTo(fresh.dividedBy(2)) >= 0 && !slot.asking.isLocked() && !closed) {
            Thread.startVirtualThread(() -> refresh(slot, question));
        }
        return known.value();
    }

    /** Whether there is an answer that {@link #get} would give without waiting. */
    public boolean knows(ByteBuffer key) {
        Slot<V> slot = slots.getIfPresent(key);
        Answer<V> known = slot == null ? null : slot.answer;
        return known != null && known.value().isPresent() && age(known).compareTo(fresh) < 0;
    }

    /** How many questions have an answer here. */
    long remembered() {
        slots.cleanUp();
        return slots.estimatedSize();
    }

    private Duration age(Answer<V> answer) {
        return Duration.between(answer.when(), clock.instant());
    }

    private Optional<V> ask(Slot<V> slot, Supplier<Optional<V>> question) {
        Instant came = clock.instant();
        boolean mine = false;
        try {
            mine = slot.asking.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                return unanswered(
                        slot,
                        new UnreachableException("somebody else's question is not answered yet"));
            }
            // However slow the other server is: what was asked since one came is fresh enough.
            Answer<V> known = slot.answer;
            return known != null
                            && (age(known).compareTo(fresh) < 0 || !known.when().isBefore(came))
                    ? known.value()
                    : answer(slot, question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted", e);
        } finally {
            if (mine) {
                slot.asking.unlock();
            }
        }
    }

    /** Called with the slot's lock. */
    private Optional<V> answer(Slot<V> slot, Supplier<Optional<V>> question) {
        Instant asked = clock.instant();
        try {
            Optional<V> value = question.get();
            // The answer is as old as the question: what changed in between may not be in it.
            slot.answer = new Answer<>(value, asked);
            return value;
        } catch (UnreachableException e) {
            return unanswered(slot, e);
        }
    }

    /** What may be said without the other server. */
    private Optional<V> unanswered(Slot<V> slot, UnreachableException reason) {
        Answer<V> known = slot.answer;
        if (known != null && age(known).compareTo(grace) < 0) {
            return known.value();
        }
        throw reason;
    }

    /** Nobody waits for this one; who does not get an answer leaves the old one to grow older. */
    private void refresh(Slot<V> slot, Supplier<Optional<V>> question) {
        if (slot.asking.tryLock()) {
            try {
                answer(slot, question);
            } catch (UnreachableException _) {
                // The next who asks after its time will hear it.
            } finally {
                slot.asking.unlock();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        slots.invalidateAll();
    }
}
