package io.hypernetes.runtime.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a stream that brings nothing for a minute, so that a reader blocked on it fails: the HTTP
 * client's own timeout ends with the response's head.
 */
final class StallGuard implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final AtomicLong progress = new AtomicLong();
    private final Thread watcher;

    StallGuard(InputStream in) {
        watcher = Thread.ofVirtual().name("stall-guard").start(() -> watch(in));
    }

    void progress() {
        progress.incrementAndGet();
    }

    private void watch(InputStream in) {
        try {
            long seen = -1;
            while (seen != progress.get()) {
                seen = progress.get();
                Thread.sleep(PATIENCE);
            }
            in.close();
        } catch (InterruptedException e) {
            // the guard was closed: its work is done, and so is the thread
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
