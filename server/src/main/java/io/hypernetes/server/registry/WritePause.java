package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets writes pass, but for the moment in which the whole state is replaced: then none is under way
 * (what it was decided on would be gone when it is made), and who comes is told to come again. For
 * any thread.
 */
final class WritePause {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int RETRY_SECONDS = 1;

    private final Semaphore passes = new Semaphore(ALL);
    private volatile boolean wanted;

    /** A write that is under way. */
    interface Pass extends AutoCloseable {
        @Override
        void close();
    }

    interface Work<T> {
        T run() throws InterruptedException;
    }

    /** Throws ServiceUnavailable during a pause. Never waits. */
    Pass enter() {
        if (wanted || !passes.tryAcquire()) {
            throw ApiException.retryAfter(
                    Reason.SERVICE_UNAVAILABLE,
                    "the state is being restored from a copy: try again in a moment",
                    RETRY_SECONDS);
        }
        return passes::release;
    }

    /**
     * Does something while nothing is written.
     *
     * @param patience how long the writes that are under way may take to end
     */
    synchronized <T> T during(Work<T> work, Duration patience) throws InterruptedException {
        wanted = true;
        try {
            if (!passes.tryAcquire(ALL, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ApiException.of(
                        Reason.TIMEOUT,
                        "writes that began before are still under way: nothing was changed, try"
                                + " again");
            }
            try {
                return work.run();
            } finally {
                passes.release(ALL);
            }
        } finally {
            wanted = false;
        }
    }
}
