package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess.PortStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A connection to a port of a pod that is processes of this machine. */
record SocketPort(SocketChannel socket) implements PortStream {

    private static final Logger LOG = LoggerFactory.getLogger(SocketPort.class);

    @Override
    public InputStream input() {
        return Channels.newInputStream(socket);
    }

    @Override
    public OutputStream output() {
        return new OutputStream() {
            private final OutputStream all = Channels.newOutputStream(socket);

            @Override
            public void write(int b) throws IOException {
                all.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                all.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                socket.shutdownOutput();
            }
        };
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a pod's port was closed badly: {}", e.getMessage());
        }
    }
}
