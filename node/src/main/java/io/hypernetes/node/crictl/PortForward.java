package io.hypernetes.node.crictl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A port of this machine's loopback that leads to a port of a sandbox: each connection has an
 * address of the streaming server, and a WebSocket, of its own.
 */
final class PortForward implements AutoCloseable {
    private static final int DATA = 0;
    private static final int ERRORS = 1;

    /** Each channel begins with the number of the port. */
    private static final int PREFIX = 2;

    private static final int BACKLOG = 50;
    private static final int BUFFER = 32 * 1024;

    private final ServerSocket listening;
    private final Supplier<URI> addresses;
    private final Consumer<String> complaints;

    /**
     * @param local 0 for any free one
     * @param addresses one for each connection
     */
    PortForward(int local, Supplier<URI> addresses, Consumer<String> complaints)
            throws IOException {
        this.listening = new ServerSocket(local, BACKLOG, InetAddress.getLoopbackAddress());
        this.addresses = addresses;
        this.complaints = complaints;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Serves connections until it is closed. */
    void run() throws IOException {
        while (!listening.isClosed()) {
            Socket connection;
            try {
                connection = listening.accept();
            } catch (IOException e) {
                if (listening.isClosed()) {
                    return;
                }
                throw e;
            }
            Thread.ofVirtual().name("port-forward").start(() -> serve(connection));
        }
    }

    private void serve(Socket connection) {
        try (connection;
                ChannelSocket socket = ChannelSocket.open(addresses.get())) {
            Thread.ofVirtual().name("port-input").start(() -> send(connection, socket));
            receive(socket, connection.getOutputStream());
        } catch (IOException | CriToolException e) {
            complaints.accept(e.getMessage());
        }
    }

    private void receive(ChannelSocket socket, OutputStream out) throws IOException {
        int[] seen = new int[2];
        for (Optional<ChannelSocket.Message> next = socket.receive();
                next.isPresent();
                next = socket.receive()) {
            byte[] content = next.get().content();
            int channel = next.get().channel();
            if (channel > ERRORS) {
                continue;
            }
            int skip = Math.min(content.length, PREFIX - seen[channel]);
            seen[channel] += skip;
            if (channel == DATA) {
                out.write(content, skip, content.length - skip);
                out.flush();
            } else if (content.length > skip) {
                throw new IOException(
                        new String(content, skip, content.length - skip, StandardCharsets.UTF_8));
            }
        }
    }

    private static void send(Socket connection, ChannelSocket socket) {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = connection.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                socket.send(DATA, buffer, count);
            }
        } catch (IOException e) {
            // Either end is gone; the other direction ends the connection.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
