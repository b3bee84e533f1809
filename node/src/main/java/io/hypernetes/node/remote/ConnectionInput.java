package io.hypernetes.node.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;

/** What comes over a connection, which is closed with it. */
final class ConnectionInput extends FilterInputStream {

    private final Socket socket;

    ConnectionInput(Socket socket) throws IOException {
        super(socket.getInputStream());
        this.socket = socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
