package io.hypernetes.controllerruntime;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.client.ChangeFeed;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Reads the {@link ChangeFeed} for all who listen: one virtual thread, whatever the number of types
 * and tenants. Who falls behind sees everything again.
 */
public final class FeedReader implements AutoCloseable {

    /** Called by the reader's thread; must not block. */
    public interface Listener {
        /** Everything that is there comes next: forget what you knew. */
        default void restarted() {}

        void seen(ChangeFeed.Item item);

        /** Everything that was there has come. */
        default void complete() {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofMillis(200);

    /** A tenth of a millisecond's worth. */
    private static final int AT_ONCE = 64;

    private final ChangeFeed feed;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch complete = new CountDownLatch(1);
    private final Thread thread;

    /** The thread's own. */
    private long told;

    public FeedReader(ChangeFeed feed) {
        this.feed = feed;
        this.thread = Thread.ofVirtual().name("change-feed").unstarted(this::run);
    }

    /** Before {@link #start}. */
    public FeedReader listen(Listener listener) {
        listeners.add(listener);
        return this;
    }

    public FeedReader start() {
        thread.start();
        return this;
    }

    /** Waits until everything that was there at the start has been seen. */
    public void awaitComplete() throws InterruptedException {
        complete.await();
    }

    /** Returns when the reader has ended: no listener is called from then on. */
    @Override
    public void close() {
        thread.interrupt();
        if (thread.getState() != Thread.State.NEW) {
            Endings.await(List.of(thread));
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                read();
            }
        } catch (InterruptedException _) {
            LOG.debug("the change feed's reader ends");
        }
    }

    private void read() throws InterruptedException {
        try (ChangeFeed.Subscription subscription = feed.open()) {
            listeners.forEach(Listener::restarted);
            subscription.scan(this::tellAtPace);
            listeners.forEach(Listener::complete);
            complete.countDown();
            while (true) {
                subscription.next(IDLE).forEach(this::tell);
            }
        } catch (ApiException | IllegalStateException e) {
            LOG.debug("reading everything again: {}", e.getMessage());
            Thread.sleep(RETRY);
        }
    }

    /** There may be a million of them, and clients have something to ask meanwhile. */
    private void tellAtPace(ChangeFeed.Item item) {
        tell(item);
        if (++told % AT_ONCE == 0) {
            Thread.yield();
        }
    }

    private void tell(ChangeFeed.Item item) {
        for (Listener listener : listeners) {
            try {
                listener.seen(item);
            } catch (RuntimeException e) {
                LOG.warn("{} {} could not be looked at", item.resource(), item.key(), e);
            }
        }
    }
}
