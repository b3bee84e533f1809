package io.hypernetes.server.jetty;

import io.hypernetes.server.http.BlockInput;
import io.hypernetes.server.http.RawConnection;
import io.hypernetes.server.http.RawSession;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What Jetty's connection becomes after a 101: blocking streams over its end point. Jetty reads
 * only when the session does, so that a slow session slows the peer.
 */
final class JettyRawConnection extends AbstractConnection
        implements Connection.UpgradeTo, RawConnection {
    private static final Logger LOG = LoggerFactory.getLogger(JettyRawConnection.class);
    private static final int BUFFER = 32 * 1024;

    /** As the kubelet's --streaming-connection-idle-timeout. */
    private static final Duration QUIET = Duration.ofHours(4);

    private final RawSession session;

    /** What has been read and not taken yet; used by the reading thread. */
    private ByteBuffer ready = BufferUtil.EMPTY_BUFFER;

    private final ByteBuffer buffer = BufferUtil.allocateDirect(BUFFER);

    JettyRawConnection(EndPoint endPoint, Executor executor, RawSession session) {
        super(endPoint, executor);
        this.session = session;
    }

    @Override
    public void onUpgradeTo(ByteBuffer early) {
        // The peer may have sent its first bytes behind the request.
        ready = BufferUtil.copy(early);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        // A terminal may be quiet for long.
        getEndPoint().setIdleTimeout(QUIET.toMillis());
        Thread.ofVirtual().name("raw-" + getEndPoint().getRemoteSocketAddress()).start(this::serve);
    }

    private void serve() {
        try {
            session.run(this);
        } catch (IOException e) {
            LOG.debug("connection ended: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Nobody waits by Jetty's callback: see {@link Input}. */
    @Override
    public void onFillable() {}

    @Override
    public InputStream input() {
        return new Input();
    }

    @Override
    public OutputStream output() {
        return new Output();
    }

    private final class Input extends BlockInput {
        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!ready.hasRemaining()) {
                BufferUtil.clear(buffer);
                int count = getEndPoint().fill(buffer);
                if (count < 0) {
                    return -1;
                }
                if (count == 0) {
                    awaitFillable();
                }
                ready = buffer;
            }
            int count = Math.min(length, ready.remaining());
            ready.get(target, offset, count);
            return count;
        }

        private void awaitFillable() throws IOException {
            try (Blocker.Callback fillable = Blocker.callback()) {
                getEndPoint().fillInterested(fillable);
                fillable.block();
            }
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try (Blocker.Callback written = Blocker.callback()) {
                getEndPoint().write(written, ByteBuffer.wrap(bytes, offset, length));
                written.block();
            }
        }
    }
}
