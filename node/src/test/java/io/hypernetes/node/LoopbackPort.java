package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess.PortStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** A port of this machine in the place of a guest's. */
record LoopbackPort(Socket socket, InputStream in, OutputStream out) implements PortStream {
    static LoopbackPort to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        return new LoopbackPort(socket, socket.getInputStream(), socket.getOutputStream());
    }

    @Override
    public InputStream input() {
        return in;
    }

    @Override
    public OutputStream output() {
        return out;
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
