package io.hypernetes.controllerruntime;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Reason;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Runs a {@link Reconciler} over a queue of keys with some virtual threads.
 *
 * <p>A failing key is tried again after 50 ms, 100 ms, … up to a minute, without holding up others.
 *
 * @param <K> what is reconciled
 */
public final class Controller<K> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final int DOUBLINGS = 11;
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final String name;
    private final Reconciler<K> reconciler;
    private final int workers;
    private final WorkQueue<K> queue = new WorkQueue<>();
    private final QueueCounts counts;
    private final Map<K, Integer> failures = new ConcurrentHashMap<>();
    private final List<Informer> informers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    public Controller(String name, int workers, Reconciler<K> reconciler) {
        this.name = name;
        this.workers = workers;
        this.reconciler = reconciler;
        this.counts = QueueCounts.of(name);
    }

    /** A controller whose keys are the objects of one resource. */
    public static Controller<ObjectKey> of(
            String name, int workers, Informer informer, Reconciler<ObjectKey> reconciler) {
        return new Controller<>(name, workers, reconciler).watchKeys(informer, Stream::of);
    }

    /** Tells which keys a change of another object concerns. */
    @FunctionalInterface
    public interface Mapping<K> {
        Stream<K> keys(ObjectKey changed, ObjectNode object);
    }

    /**
     * Adds the keys that {@code mapping} makes of the old and the new state of each changed object.
     * Call before {@link #start}, which starts the informer.
     */
    public Controller<K> watch(Informer informer, Mapping<K> mapping) {
        informers.add(informer);
        informer.listen((key, old, current) -> {
            keysOf(mapping, key, old).forEach(this::enqueue);
            keysOf(mapping, key, current).forEach(this::enqueue);
        });
        return this;
    }

    /** Does the same for a mapping that looks at the key alone: nothing is parsed for it. */
    public Controller<K> watchKeys(Informer informer, Function<ObjectKey, Stream<K>> mapping) {
        informers.add(informer);
        informer.listenToKeys(key -> mapping.apply(key).forEach(this::enqueue));
        return this;
    }

    private static <K> Stream<K> keysOf(
            Mapping<K> mapping, ObjectKey key, Optional<ObjectNode> object) {
        Function<ObjectNode, Stream<K>> keys = tree -> mapping.keys(key, tree);
        return object.map(keys).orElse(Stream.empty());
    }

    /** Work on this key soon. */
    public void enqueue(K key) {
        enqueue(key, Duration.ZERO);
    }

    /** Work on this key after a while. */
    public void enqueue(K key, Duration delay) {
        counts.added();
        queue.add(key, delay);
    }

    /** Starts the informers, and the workers once all mirrors are complete. */
    public Controller<K> start() {
        counts.opened(queue);
        informers.forEach(Informer::start);
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
        return this;
    }

    /** Returns when the workers have ended: nothing is changed from then on. */
    @Override
    public void close() {
        queue.close();
        counts.closed(queue);
        threads.forEach(Thread::interrupt);
        Endings.await(threads);
    }

    private void work() {
        try {
            for (Informer informer : informers) {
                informer.awaitSynced();
            }
            while (true) {
                K key = queue.take();
                try {
                    reconcile(key);
                } finally {
                    queue.done(key);
                }
                // What waits for nothing would keep its processor until the queue is empty, which
                // after a start with many tenants takes seconds.
                Thread.yield();
            }
        } catch (InterruptedException _) {
            LOG.debug("a worker of {} ends", name);
        }
    }

    private void reconcile(K key) throws InterruptedException {
        try {
            Reconciler.Result result = reconciler.reconcile(key);
            failures.remove(key);
            switch (result) {
                case Reconciler.Result.Done() -> {}
                case Reconciler.Result.Again(Duration after) -> enqueue(key, after);
            }
        } catch (RuntimeException e) {
            int count = failures.merge(key, 1, Integer::sum);
            Duration delay = backoff(count);
            if (isRace(e)) {
                LOG.debug("{}: {}: {}, trying again", name, key, e.getMessage());
            } else {
                LOG.warn("{}: {}: trying again in {} ms", name, key, delay.toMillis(), e);
            }
            counts.retried();
            enqueue(key, delay);
        }
    }

    /**
     * Losing a race against another writer is everyday life, not worth a warning; so is writing to
     * a namespace whose end has not been seen yet.
     */
    static boolean isRace(RuntimeException e) {
        return e instanceof ApiException api
                && (api.is(Reason.CONFLICT)
                        || api.is(Reason.NOT_FOUND)
                        || api.is(Reason.ALREADY_EXISTS)
                        || api.hasCause(Cause.NAMESPACE_TERMINATING));
    }

    static Duration backoff(int failures) {
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        return delay.compareTo(LONGEST_RETRY) < 0 ? delay : LONGEST_RETRY;
    }
}
