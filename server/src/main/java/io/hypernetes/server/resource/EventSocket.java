package io.hypernetes.server.resource;

import io.hypernetes.server.http.Socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a watch as text messages of a WebSocket, one event each. What the peer sends is read
 * and forgotten, so that its farewell is noticed. Used by one thread.
 */
final class EventSocket extends OutputStream {
    private final Socket socket;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private volatile boolean left;

    EventSocket(Socket socket) {
        this.socket = socket;
        Thread.ofVirtual().name("watch-farewell").start(this::listen);
    }

    private void listen() {
        try {
            while (socket.receive().isPresent()) {
                continue;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        left = true;
    }

    @Override
    public void write(int character) throws IOException {
        if (character == '\n') {
            send();
        } else {
            line.write(character);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int begin = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, begin, i - begin);
                send();
                begin = i + 1;
            }
        }
        line.write(bytes, begin, offset + length - begin);
    }

    private void send() throws IOException {
        socket.sendText(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }

    /** A sign of life: throws when the peer has gone. */
    @Override
    public void flush() throws IOException {
        if (left) {
            throw new IOException("the client has closed its watch");
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
