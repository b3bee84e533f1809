package io.hypernetes.server.streaming;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.server.http.RawConnection;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.streaming.spdy.SpdySession;
import io.hypernetes.server.streaming.spdy.SpdyStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@code portforward.k8s.io}: for each connection the client opens an error and a data stream with
 * the same {@code requestID}.
 */
record SpdyPortForward(PodAccess pods, ObjectKey pod) implements RawSession {
    static final String PROTOCOL = "portforward.k8s.io";

    private static final int PATIENCE_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(SpdyPortForward.class);

    @Override
    public void run(RawConnection connection) {
        try (SpdySession session = new SpdySession(connection)) {
            Map<String, SpdyStream> waiting = new HashMap<>();
            session.run(stream -> opened(stream, waiting));
        }
    }

    /** For the session's reading thread, which alone knows who waits. */
    private void opened(SpdyStream stream, Map<String, SpdyStream> waiting) {
        String type = stream.header("streamtype");
        OptionalInt port = PortNumbers.parse(stream.header("port"));
        if (!(type.equals("data") || type.equals("error")) || port.isEmpty()) {
            stream.reset();
            return;
        }
        waiting.values().removeIf(SpdyStream::isOver);
        String request = stream.header("requestid");
        SpdyStream other = waiting.remove(request);
        if (other == null) {
            waiting.put(request, stream);
            CompletableFuture<Void> unused =
                    CompletableFuture.runAsync(
                            stream::resetUnlessUsed,
                            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
            return;
        }
        stream.use();
        other.use();
        if (other.header("streamtype").equals(type)) {
            stream.reset();
            other.reset();
            return;
        }
        SpdyStream data = type.equals("data") ? stream : other;
        SpdyStream error = type.equals("data") ? other : stream;
        Thread.ofVirtual().name("port-forward").start(() -> forward(data, error, port.getAsInt()));
    }

    private void forward(SpdyStream data, SpdyStream error, int port) {
        try (OutputStream errors = error.output();
                OutputStream out = data.output()) {
            new ForwardedPort(pods, pod, port).run(data.input(), out, errors);
        } catch (IOException e) {
            data.reset();
            LOG.debug("a forwarded connection ended: {}", e.getMessage());
        } finally {
            data.stopReading();
            error.stopReading();
        }
    }
}
