package io.hypernetes.server.jetty;

import org.eclipse.jetty.io.Content;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The rest of a body that was refused before it was read, such as that of a request beyond its
 * tenant's budget. It is taken for a moment and dropped, so that the client, which is still
 * sending, comes to read the answer; a connection or stream that is broken off at once takes the
 * answer with it (RFC 9112 section 9.6, RFC 9113 section 8.1).
 */
final class Leftovers {
    private static final Duration MOMENT = Duration.ofSeconds(10);

    private Leftovers() {}

    /** Returns at the body's end, after {@code most} bytes, or after a moment. */
    static void drop(Content.Source body, long most) throws InterruptedException {
        long end = System.nanoTime() + MOMENT.toNanos();
        long left = most;
        while (left > 0) {
            Content.Chunk chunk = body.read();
            if (chunk == null) {
                CountDownLatch more = new CountDownLatch(1);
                body.demand(more::countDown);
                if (!more.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } else if (Content.Chunk.isFailure(chunk)) {
                return; // the client is gone
            } else {
                left -= chunk.remaining();
                chunk.release();
                if (chunk.isLast()) {
                    return;
                }
            }
        }
    }
}
