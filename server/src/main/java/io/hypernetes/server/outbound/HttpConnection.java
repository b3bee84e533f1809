package io.hypernetes.server.outbound;

import io.hypernetes.api.client.PodAccess.PortStream;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP/1.1 to one place in a tenant's world, one request per connection. What comes back is a
 * stranger's: it is bounded wherever it is kept, and never interpreted beyond its framing.
 */
public final class HttpConnection implements AutoCloseable {
    private static final Duration HANDSHAKE_TIME = Duration.ofSeconds(20);

    private final PortStream stream;
    private final InputStream in;
    private final OutputStream out;

    private HttpConnection(PortStream stream, InputStream in, OutputStream out) {
        this.stream = stream;
        this.in = new BufferedInputStream(in);
        this.out = new BufferedOutputStream(out, 16 * 1024);
    }

    /** In the clear. */
    public static HttpConnection plain(PortStream stream) {
        return new HttpConnection(stream, stream.input(), stream.output());
    }

    /**
     * With TLS; returns after the handshake.
     *
     * @param context decides whom to trust
     * @param serverName sent as SNI, and checked against the certificate
     * @param checkName false where the certificate is not checked at all (a proxy's {@code https:})
     */
    public static HttpConnection tls(
            PortStream stream, SSLContext context, String serverName, boolean checkName)
            throws IOException {
        return tls(stream, context, serverName, checkName, HANDSHAKE_TIME);
    }

    /**
     * The same, when the handshake may not take as long as usual.
     *
     * @param time after which the stream is closed: who says nothing keeps nobody waiting
     */
    public static HttpConnection tls(
            PortStream stream,
            SSLContext context,
            String serverName,
            boolean checkName,
            Duration time)
            throws IOException {
        AtomicBoolean greeted = new AtomicBoolean();
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (!greeted.get()) {
                        stream.close();
                    }
                });
        try {
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(new StreamSocket(stream), serverName, 443, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            if (checkName) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            greeted.set(true);
            return new HttpConnection(stream, socket.getInputStream(), socket.getOutputStream());
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /**
     * Sends the request and reads the head of the answer; the body is read from it by the caller.
     * Throws IOException when the other end is gone, or says what is no HTTP.
     */
    public Incoming send(Outgoing request) throws IOException {
        request.write(out);
        return Incoming.read(in, request.method());
    }

    /** For what follows an upgrade. */
    public OutputStream output() {
        return out;
    }

    /** Cuts the connection when this much time has passed, whatever is under way. */
    public HttpConnection within(Duration time) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::close);
        return this;
    }

    @Override
    public void close() {
        stream.close();
    }
}
