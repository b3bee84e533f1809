package io.hypernetes.isolation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A port of the host that no tenant may make the server connect to; counts who does. */
final class Trap implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final AtomicInteger caught = new AtomicInteger();

    Trap() throws IOException {
        Thread.ofVirtual().name("trap").start(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (Socket _ = socket.accept()) {
                caught.incrementAndGet();
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    int caught() {
        return caught.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
