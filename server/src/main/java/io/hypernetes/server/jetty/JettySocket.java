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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

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

    /** How long a message may wait for a peer that takes nothing. */
    private final Duration patience;

    /** At most one message, and empties that say that no more will come. */
    private final BlockingQueue<Optional<byte[]>> incoming = new LinkedBlockingQueue<>();

    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable Session session;
    private final AtomicBoolean demanded = new AtomicBoolean();
    private volatile boolean ended;
    private volatile boolean closing;

    JettySocket(SocketSession body, Duration patience) {
        this.body = body;
        this.patience = patience;
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
        took(message);
    }

    /** Asks Jetty for one message, unless that was asked and has not come yet. */
    private void demand(Session open) {
        if (demanded.compareAndSet(false, true)) {
            open.demand();
        }
    }

    private void took(byte[] message) {
        demanded.set(false);
        Session open = session;
        if (closing && open != null) {
            // Nobody listens any more; only the peer's own closing is waited for.
            demand(open);
            return;
        }
        incoming.add(Optional.of(message));
    }

    @Override
    public void onWebSocketText(String message) {
        took(message.getBytes(java.nio.charset.StandardCharsets.UTF_8));
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
        demand(open);
        return incoming.take();
    }

    @Override
    public void send(byte[] message) throws IOException {
        send((open, sent) -> open.sendBinary(ByteBuffer.wrap(message), sent));
    }

    @Override
    public void sendText(String message) throws IOException {
        send((open, sent) -> open.sendText(message, sent));
    }

    @Override
    public void ping() throws IOException {
        send((open, sent) -> open.sendPing(ByteBuffer.allocate(0), sent));
    }

    /** One at a time; returns when the message has left. */
    private void send(BiConsumer<Session, Callback> message) throws IOException {
        Session open = session;
        if (ended || open == null) {
            throw new IOException("the WebSocket is closed");
        }
        sending.lock();
        try {
            Callback.Completable sent = new Callback.Completable();
            message.accept(open, sent);
            sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        } catch (TimeoutException e) {
            open.disconnect();
            throw new IOException("the WebSocket's peer took nothing for " + patience, e);
        } catch (ExecutionException e) {
            throw new IOException("the WebSocket is gone", e.getCause());
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void close() {
        Session open = session;
        if (!ended && !closing && open != null) {
            closing = true;
            incoming.add(Optional.empty());
            demand(open);
            open.close(StatusCode.NORMAL, "", Callback.NOOP);
        }
    }
}
