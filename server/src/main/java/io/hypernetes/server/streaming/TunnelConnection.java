package io.hypernetes.server.streaming;

import io.hypernetes.server.http.BlockInput;
import io.hypernetes.server.http.RawConnection;
import io.hypernetes.server.http.Socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** A byte stream through a WebSocket's binary messages, whose borders mean nothing (KEP-4006). */
record TunnelConnection(Socket socket) implements RawConnection {
    @Override
    public InputStream input() {
        return new Input();
    }

    @Override
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                socket.send(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                socket.send(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        };
    }

    @Override
    public void close() {
        socket.close();
    }

    private final class Input extends BlockInput {
        private byte[] message = new byte[0];
        private int at;

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (at == message.length) {
                Optional<byte[]> next = receive();
                if (next.isEmpty()) {
                    return -1;
                }
                message = next.get();
                at = 0;
            }
            int count = Math.min(length, message.length - at);
            System.arraycopy(message, at, target, offset, count);
            at += count;
            return count;
        }

        private Optional<byte[]> receive() throws IOException {
            try {
                return socket.receive();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading a tunnel");
            }
        }
    }
}
