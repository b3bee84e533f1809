package io.hypernetes.server.streaming;

import io.hypernetes.server.http.RawConnection;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.streaming.spdy.SpdySession;
import io.hypernetes.server.streaming.spdy.SpdyStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One remote command over SPDY, from the upgrade to the end of both.
 *
 * @param wanted the types of the streams that the client will open
 */
record SpdyCommandSession(RemoteCommand command, String protocol, Set<String> wanted)
        implements RawSession {
    private static final int MOST_WAITING = 16;

    /** How long a client may take to see the end and close: what is on its way then arrives. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(SpdyCommandSession.class);

    @Override
    public void run(RawConnection connection) throws InterruptedException {
        BlockingQueue<SpdyStream> opened = new ArrayBlockingQueue<>(MOST_WAITING);
        try (SpdySession session = new SpdySession(connection)) {
            Thread worker =
                    Thread.ofVirtual().name("spdy-command").start(() -> work(session, opened));
            session.run(stream -> {
                if (!opened.offer(stream)) {
                    stream.reset();
                }
            });
            // The process ends when its client does; the seat is kept until then.
            worker.join();
        }
    }

    private void work(SpdySession session, BlockingQueue<SpdyStream> opened) {
        try (session) {
            Optional<SpdyCommand> client = SpdyCommand.await(session, protocol, wanted, opened);
            if (client.isPresent()) {
                command.run(client.get());
                session.awaitEnd(FAREWELL);
            }
        } catch (IOException e) {
            LOG.debug("the client of a remote command is gone: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
