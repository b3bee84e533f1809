package io.hypernetes.api.client;

import java.time.Duration;
import java.util.Optional;

/** A running watch. One thread reads it; any thread may close it. */
public interface Watch extends AutoCloseable {

    /**
     * The next event.
     *
     * @return empty when none came within {@code timeout}
     * @throws io.hypernetes.api.ApiException Expired when this watcher was too slow or the window
     *     has passed it: list again
     * @throws InterruptedException when the calling thread is interrupted
     * @throws IllegalStateException after {@link #close}
     */
    Optional<WatchEvent> next(Duration timeout) throws InterruptedException;

    @Override
    void close();
}
