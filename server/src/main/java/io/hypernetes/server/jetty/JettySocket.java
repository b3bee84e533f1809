package io.hypernetes.server.jetty;

import io.hypernetes.server.http.Socket;
import io.hypernetes.server.http.SocketSession;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Public only because Jetty calls it by reflection. A WebSocket whose messages are pulled: one is
 * asked of Jetty per {@link #receive}, so that a slow consumer slows the peer and nothing piles up
 * here.
 */
public final class JettySocket implements Session.Listener, Socket {
    /** Bytes of the largest message that a client may send. */
    static final int MESSAGE_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(JettySocket.class);

    private final SocketSession body;

    /** At most one message, and empties that say that no more will come. */
    private final BlockingQueue<Optional<byte[]>> incoming = new LinkedBlockingQueue<>();

    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable Session session;
    private volatile boolean ended;

    JettySocket(SocketSession body) {
        this.body = body;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        Thread.ofVirtual().name("socket-" + opened.getRemoteSocketAddress()).start(this::serve);
    }

    private void serve() {
        try {
            body.run(this);
        } catch (IOException e) {
            LOG.debug("WebSocket ended: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        byte[] message = new byte[payload.remaining()];
        payload.get(message);
        callback.succeed();
        incoming.add(Optional.of(message));
    }

    @Override
    public void onWebSocketText(String message) {
        incoming.add(Optional.of(message.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Override
    public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
        end();
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        end();
    }

    private void end() {
        ended = true;
        incoming.add(Optional.empty());
    }

    @Override
    public Optional<byte[]> receive() throws InterruptedException {
        Session open = session;
        if (ended || open == null) {
            return Optional.empty();
        }
        open.demand();
        return incoming.take();
    }

    @Override
    public void send(byte[] message) throws IOException {
        Session open = session;
        if (ended || open == null) {
            throw new IOException("the WebSocket is closed");
        }
        sending.lock();
        try {
            Callback.Completable sent = new Callback.Completable();
            open.sendBinary(ByteBuffer.wrap(message), sent);
            sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        } catch (ExecutionException e) {
            throw new IOException("the WebSocket is gone", e.getCause());
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void close() {
        Session open = session;
        if (!ended && open != null) {
            open.close(StatusCode.NORMAL, "", Callback.NOOP);
        }
    }
}
