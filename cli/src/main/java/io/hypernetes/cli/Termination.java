package io.hypernetes.cli;

import java.util.concurrent.CountDownLatch;

/**
 * The end of this process by a signal. The JVM ends as soon as its shutdown hooks have, so the hook
 * waits until this is closed: what is to end in good order (a lease that is given back, requests
 * under way) ends before. Opened first and closed last, by one thread.
 */
final class Termination implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    Termination() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "shutdown"));
    }

    /** Returns when somebody ends this process. */
    void await() throws InterruptedException {
        asked.await();
    }

    private void end() {
        asked.countDown();
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
