package io.hypernetes.node;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/**
 * The client's side of SPDY/3.1 as the streaming servers of CRI runtimes speak it (Go's
 * spdystream): the client opens all streams, nobody sends or heeds windows, and what the server
 * says in headers does not matter. One thread reads, any thread writes; the lock guards what goes
 * out.
 */
final class SpdyClient implements Closeable {

    /** What comes in. */
    interface Listener {
        void data(int stream, byte[] bytes) throws IOException;

        /** The server sends no more on this stream. */
        void end(int stream) throws IOException;
    }

    private static final int VERSION_3 = 0x8003;
    private static final int SYN_STREAM = 1;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int FIN = 1;
    private static final int CHUNK = 32 * 1024;
    private static final int LARGEST_FRAME = 1 << 20;
    private static final int LARGEST_HEAD = 16 * 1024;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Without the dictionary of SPDY, which a decompressor uses only when the data asks for it. One
     * for all header blocks of a connection.
     */
    private final Deflater deflater = new Deflater();

    private int next = 1;

    private SpdyClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /**
     * Connects and changes over from HTTP.
     *
     * @param protocol of the streams, as {@code X-Stream-Protocol-Version} has it
     */
    static SpdyClient open(URI url, String protocol) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(url.getHost(), Math.max(url.getPort(), 0)),
                    TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            SpdyClient client = new SpdyClient(socket);
            client.upgrade(url, protocol);
            socket.setSoTimeout(0);
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void upgrade(URI url, String protocol) throws IOException {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String request =
                """
                POST %s%s HTTP/1.1
                Host: %s
                Connection: Upgrade
                Upgrade: SPDY/3.1
                X-Stream-Protocol-Version: %s
                Content-Length: 0

                """
                        .formatted(url.getRawPath(), query, url.getAuthority(), protocol);
        out.write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        String head = head();
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IOException(
                    "the runtime's streaming server answers "
                            + head.lines().findFirst().orElse(""));
        }
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0 || head.length() > LARGEST_HEAD) {
                throw new EOFException("the runtime's streaming server does not answer");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** A new stream, its number. */
    int stream(Map<String, String> headers) throws IOException {
        lock.lock();
        try {
            int id = next;
            next += 2;
            byte[] block = compressed(headers);
            ByteBuffer frame = control(SYN_STREAM, 10 + block.length);
            send(frame.putInt(id).putInt(0).putShort((short) 0).put(block));
            return id;
        } finally {
            lock.unlock();
        }
    }

    private byte[] compressed(Map<String, String> headers) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        plain.writeBytes(number(headers.size()));
        headers.forEach((name, value) -> {
            for (String text : new String[] {name, value}) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                plain.writeBytes(number(bytes.length));
                plain.writeBytes(bytes);
            }
        });
        deflater.setInput(plain.toByteArray());
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        byte[] buffer = new byte[512];
        int length;
        do {
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            block.write(buffer, 0, length);
        } while (length == buffer.length);
        return block.toByteArray();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    void data(int stream, byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += CHUNK) {
            int count = Math.min(CHUNK, length - at);
            ByteBuffer frame = ByteBuffer.allocate(8 + count);
            frame.putInt(stream).putInt(count);
            send(frame.put(bytes, offset + at, count));
        }
    }

    /** No more is sent on this stream. */
    void end(int stream) throws IOException {
        send(ByteBuffer.allocate(8).putInt(stream).putInt(FIN << 24));
    }

    private static ByteBuffer control(int type, int length) {
        return ByteBuffer.allocate(8 + length).putInt(VERSION_3 << 16 | type).putInt(length);
    }

    private void send(ByteBuffer frame) throws IOException {
        lock.lock();
        try {
            out.write(frame.array(), 0, frame.position());
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    /** Reads until the server ends the connection. */
    void read(Listener listener) throws IOException {
        while (true) {
            int word;
            try {
                word = in.readInt();
            } catch (EOFException _) {
                return;
            }
            int second = in.readInt();
            int flags = second >>> 24;
            int length = second & 0xffffff;
            if (length > LARGEST_FRAME) {
                throw new IOException("a frame of " + length + " bytes");
            }
            byte[] body = new byte[length];
            in.readFully(body);
            if (word >= 0) {
                listener.data(word, body);
                if ((flags & FIN) != 0) {
                    listener.end(word);
                }
            } else if (!control(word & 0xffff, body, listener)) {
                return;
            }
        }
    }

    private boolean control(int type, byte[] body, Listener listener) throws IOException {
        switch (type) {
            case RST_STREAM -> listener.end(ByteBuffer.wrap(body).getInt());
            case PING -> send(control(PING, body.length).put(body));
            case GOAWAY -> {
                return false;
            }
            default -> {
                // Replies, settings and windows: nothing to do.
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        lock.lock();
        try {
            deflater.end();
        } finally {
            lock.unlock();
        }
    }
}
