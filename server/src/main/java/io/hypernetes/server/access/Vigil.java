package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.store.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Asks every few seconds whether something that lasts is still allowed, and ends it when it is not.
 * A virtual thread each; ended by closing it.
 */
final class Vigil implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Vigil.class);

    private final Thread thread;

    private Vigil(Thread thread) {
        this.thread = thread;
    }

    /**
     * @param check throws Unauthorized or Forbidden when it is over; other troubles, for instance
     *     of an identity service that cannot be asked, end nothing
     */
    static Vigil over(Duration interval, Runnable check, Runnable end) {
        return new Vigil(Thread.ofVirtual().name("vigil").start(() -> watch(interval, check, end)));
    }

    private static void watch(Duration interval, Runnable check, Runnable end) {
        try {
            do {
                Thread.sleep(interval);
            } while (holds(check));
        } catch (InterruptedException _) {
            return; // it ended by itself
        }
        end.run();
    }

    private static boolean holds(Runnable check) {
        try {
            check.run();
            return true;
        } catch (ApiException e) {
            boolean over = e.is(Reason.UNAUTHORIZED) || e.is(Reason.FORBIDDEN);
            if (over) {
                LOG.debug("a lasting request is ended: {}", e.getMessage());
            }
            return !over;
        } catch (StoreException e) {
            LOG.debug("a lasting request could not be looked at: {}", e.getMessage());
            return true;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
