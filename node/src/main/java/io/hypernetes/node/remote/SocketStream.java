package io.hypernetes.node.remote;

import io.hypernetes.api.client.PodAccess.PortStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection to a pod's port, by its machine. */
final class SocketStream implements PortStream {

    private static final Logger LOG = LoggerFactory.getLogger(SocketStream.class);

    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;

    SocketStream(Socket socket) throws IOException {
        this.socket = socket;
        this.input = socket.getInputStream();
        this.output = new HalfClosing(socket);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection to a pod does not close well: {}", e.getMessage());
        }
    }

    /** Its end is the end of what is sent, not of what is heard. */
    private static final class HalfClosing extends java.io.FilterOutputStream {
        private final Socket socket;

        private HalfClosing(Socket socket) throws IOException {
            super(socket.getOutputStream());
            this.socket = socket;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
            socket.shutdownOutput();
        }
    }
}
