package io.hypernetes.bench.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One connection of one client: requests one after the other (RFC 9112, keep-alive), answers into a
 * buffer that is used again. Not for several threads.
 */
final class Connection implements AutoCloseable {

    static final String JSON = "application/json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    private static final byte[] NOTHING = {};

    private final Endpoint endpoint;
    private final Socket plain;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[65_536];
    private int position;
    private int end;

    /** A longer answer is read and counted, but not kept. */
    private static final int KEPT = 64 * 1024;

    private byte[] body = new byte[8_192];
    private int bodyLength;
    private int most = KEPT;
    private int status;
    private long contentLength;
    private boolean chunked;

    /** What is still to come of the chunk that is being read. */
    private long chunkLeft;

    Connection(Endpoint endpoint) throws IOException {
        this.endpoint = endpoint;
        this.plain = endpoint.connect();
        Socket secured = endpoint.secure(plain);
        this.in = secured.getInputStream();
        this.out = secured.getOutputStream();
    }

    int get(String path) throws IOException {
        return call("GET", path, NOTHING, "");
    }

    int post(String path, byte[] object) throws IOException {
        return call("POST", path, object, JSON);
    }

    /** Sends a request and reads the whole answer; returns its status. */
    int call(String method, String path, byte[] sent, String contentType) throws IOException {
        send(method, path, sent, contentType);
        readHead();
        bodyLength = 0;
        if (chunked) {
            for (long size = nextChunk(); size > 0; size = nextChunk()) {
                take(size);
                line();
            }
            line();
        } else {
            take(contentLength);
        }
        return status;
    }

    /** Sends a GET whose answer is read by {@link #readABit}, if ever. */
    void ask(String path) throws IOException {
        send("GET", path, NOTHING, "");
    }

    /** Some bytes of what was asked for. */
    void readABit() throws IOException {
        if (in.read() < 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    /** Sends a watch and reads its head; its events come by {@link #nextEvent}. */
    void watch(String path) throws IOException {
        send("GET", path, NOTHING, "");
        readHead();
        if (status != 200 || !chunked) {
            throw new IOException("no watch: " + status + " " + path);
        }
    }

    /** Reads the next line of a watch into {@link #body}; false at its end. */
    boolean nextEvent() throws IOException {
        bodyLength = 0;
        while (true) {
            if (chunkLeft == 0) {
                chunkLeft = followingChunk();
                if (chunkLeft == 0) {
                    return false;
                }
            }
            if (position == end) {
                fill();
            }
            int limit = (int) Math.min(end, position + chunkLeft);
            int newline = position;
            while (newline < limit && buffer[newline] != '\n') {
                newline++;
            }
            boolean whole = newline < limit;
            int taken = newline - position;
            append(taken);
            if (whole) {
                position++;
            }
            chunkLeft -= whole ? taken + 1 : taken;
            if (whole) {
                return true;
            }
        }
    }

    /** The last answer's body, or its beginning; only its first {@link #length} bytes count. */
    byte[] body() {
        return body;
    }

    /** Keeps answers of any length from now on. */
    Connection keepingAll() {
        most = Integer.MAX_VALUE;
        return this;
    }

    int length() {
        return bodyLength;
    }

    String text() {
        return new String(body, 0, Math.min(bodyLength, body.length), StandardCharsets.UTF_8);
    }

    private void send(String method, String path, byte[] sent, String contentType)
            throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(endpoint.prefix()).append(path);
        head.append(" HTTP/1.1\r\nHost: ").append(endpoint.host()).append(':');
        head.append(endpoint.port()).append("\r\nAccept: application/json\r\n");
        if (!endpoint.token().isEmpty()) {
            head.append("Authorization: Bearer ").append(endpoint.token()).append("\r\n");
        }
        if (!contentType.isEmpty()) {
            head.append("Content-Type: ").append(contentType);
            head.append("\r\nContent-Length: ").append(sent.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = Arrays.copyOf(start, start.length + sent.length);
        System.arraycopy(sent, 0, whole, start.length, sent.length);
        out.write(whole);
        out.flush();
    }

    private void readHead() throws IOException {
        status = Integer.parseInt(line().substring(9, 12));
        contentLength = 0;
        chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                contentLength = Long.parseLong(line.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.endsWith("chunked");
            }
        }
    }

    /**
     * The line end of the chunk before may come only with this one: an event must not wait for it.
     */
    private long followingChunk() throws IOException {
        String line = line();
        return Long.parseLong((line.isEmpty() ? line() : line).strip(), 16);
    }

    private long nextChunk() throws IOException {
        return Long.parseLong(line().strip(), 16);
    }

    private void take(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (position == end) {
                fill();
            }
            int part = (int) Math.min(left, end - position);
            append(part);
            left -= part;
        }
    }

    private void append(int bytes) {
        if (bodyLength + bytes <= most) {
            if (bodyLength + bytes > body.length) {
                body = Arrays.copyOf(body, Math.max(body.length * 2, bodyLength + bytes));
            }
            System.arraycopy(buffer, position, body, bodyLength, bytes);
        }
        bodyLength += bytes;
        position += bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            if (position == end) {
                fill();
            }
            char next = (char) (buffer[position++] & 0xff);
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append(next);
            }
        }
    }

    private void fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        if (read < 0) {
            throw new EOFException("the server closed the connection");
        }
        position = 0;
        end = read;
    }

    /** Without the farewell of TLS: a server's side of a watch answers it late, if ever. */
    @Override
    public void close() throws IOException {
        plain.close();
    }
}
