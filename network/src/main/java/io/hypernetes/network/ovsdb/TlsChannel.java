package io.hypernetes.network.ovsdb;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TLS connection as a channel: one thread may read while another writes. */
final class TlsChannel implements ByteChannel {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final SSLSocket socket;

    private TlsChannel(SSLSocket socket) {
        this.socket = socket;
    }

    static TlsChannel open(Remote.Tls server) throws IOException {
        SSLSocket socket = (SSLSocket) server.files().context().getSocketFactory().createSocket();
        try {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(
                    "HTTPS"); // the name is in the certificate
            socket.setSSLParameters(parameters);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(
                    new InetSocketAddress(server.host(), server.port()), (int) CONNECT.toMillis());
            socket.setSoTimeout((int) CONNECT.toMillis());
            socket.startHandshake();
            socket.setSoTimeout(0);
            return new TlsChannel(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        int length =
                socket.getInputStream()
                        .read(
                                bytes.array(),
                                bytes.arrayOffset() + bytes.position(),
                                bytes.remaining());
        if (length > 0) {
            bytes.position(bytes.position() + length);
        }
        return length;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        socket.getOutputStream()
                .write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
        bytes.position(bytes.limit());
        return length;
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
