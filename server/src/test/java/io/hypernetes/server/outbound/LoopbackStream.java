package io.hypernetes.server.outbound;

import io.hypernetes.api.client.PodAccess.PortStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** A connection to a port of this machine's loopback, in the place of a guest's. */
public final class LoopbackStream implements PortStream {
    private final Socket socket;

    public LoopbackStream(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public InputStream input() {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream output() {
        try {
            return socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
