package io.hypernetes.server.jetty;

import io.hypernetes.server.http.CarrierPriority;
import io.hypernetes.server.http.Pace;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS connections that send several records with one system call where there is much to send: a
 * list, a watch that has fallen behind.
 *
 * <p>All buffers are arrays: the JDK encrypts those several times faster than memory outside the
 * heap.
 */
final class TlsConnections extends SslConnectionFactory {
    /** A connection holds that much only while it writes as much; the pool keeps no larger ones. */
    private static final int MUCH = 64 * 1024;

    TlsConnections(SslContextFactory.Server tls, String next) {
        super(tls, next);
        setDirectBuffersForEncryption(false);
        setDirectBuffersForDecryption(false);
    }

    @Override
    protected SslConnection newSslConnection(Connector connector, EndPoint wire, SSLEngine engine) {
        return new Records(
                new Buffers(connector.getByteBufferPool()),
                connector.getExecutor(),
                getSslContextFactory(),
                wire,
                engine);
    }

    /** The buffers of one connection: larger than asked for while it writes much. */
    private static final class Buffers extends ByteBufferPool.Wrapper {
        private volatile boolean much;

        Buffers(ByteBufferPool pool) {
            super(pool);
        }

        @Override
        public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
            return super.acquire(much ? Math.max(size, MUCH) : size, direct);
        }
    }

    private static final class Records extends SslConnection {
        private final Buffers buffers;

        Records(
                Buffers buffers,
                Executor executor,
                SslContextFactory.Server tls,
                EndPoint wire,
                SSLEngine engine) {
            super(buffers, executor, tls, wire, engine, false, false);
            this.buffers = buffers;
        }

        @Override
        protected SslEndPoint newSslEndPoint() {
            return new SslEndPoint() {
                /** A flood of handshakes goes behind the requests of those who are in. */
                @Override
                public int fill(ByteBuffer plain) throws IOException {
                    if (getSSLEngine().getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                        return super.fill(plain);
                    }
                    try (Pace.Turn _ = CarrierPriority.lower()) {
                        return super.fill(plain);
                    }
                }

                @Override
                public boolean flush(ByteBuffer... plain) throws IOException {
                    buffers.much =
                            remaining(plain)
                                    > getSSLEngine().getSession().getApplicationBufferSize();
                    return super.flush(plain);
                }
            };
        }

        /** As many records as the buffer has room for. */
        @Override
        protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] plain, ByteBuffer out)
                throws SSLException {
            SSLEngineResult result = engine.wrap(plain, out);
            int record = engine.getSession().getPacketBufferSize();
            while (result.getStatus() == Status.OK
                    && result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && out.remaining() >= record
                    && remaining(plain) > 0) {
                result = engine.wrap(plain, out);
            }
            return result;
        }

        private static long remaining(ByteBuffer[] plain) {
            long bytes = 0;
            for (ByteBuffer buffer : plain) {
                bytes += buffer.remaining();
            }
            return bytes;
        }
    }
}
