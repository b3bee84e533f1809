package io.hypernetes.server.streaming.spdy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Puts frames on a connection, whole ones, from any thread. A slow peer makes writers wait. */
final class FrameWriter implements AutoCloseable {
    private static final int VERSION_3 = 0x8003;

    private final OutputStream out;

    /** Guards the connection's output and the compression's state. */
    private final ReentrantLock lock = new ReentrantLock();

    private final HeaderEncoder headers = new HeaderEncoder();

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    void reply(int stream, Map<String, String> fields) throws IOException {
        lock.lock();
        try {
            byte[] block = headers.encode(fields);
            ByteBuffer frame = control(Frame.SYN_REPLY, 0, 4 + block.length);
            send(frame.putInt(stream).put(block));
        } finally {
            lock.unlock();
        }
    }

    /** For the tests' clients. */
    void open(int stream, boolean fin, Map<String, String> fields) throws IOException {
        lock.lock();
        try {
            byte[] block = headers.encode(fields);
            int flags = fin ? Frame.FLAG_FIN : 0;
            ByteBuffer frame = control(Frame.SYN_STREAM, flags, 10 + block.length);
            send(frame.putInt(stream).putInt(0).putShort((short) 0).put(block));
        } finally {
            lock.unlock();
        }
    }

    void data(int stream, boolean fin, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(8 + length);
        frame.putInt(stream).putInt((fin ? Frame.FLAG_FIN : 0) << 24 | length);
        send(frame.put(bytes, offset, length));
    }

    void reset(int stream, int status) throws IOException {
        send(control(Frame.RST_STREAM, 0, 8).putInt(stream).putInt(status));
    }

    void windowUpdate(int stream, int delta) throws IOException {
        send(control(Frame.WINDOW_UPDATE, 0, 8).putInt(stream).putInt(delta));
    }

    void ping(int id) throws IOException {
        send(control(Frame.PING, 0, 4).putInt(id));
    }

    void goAway(int lastStream, int status) throws IOException {
        send(control(Frame.GOAWAY, 0, 8).putInt(lastStream).putInt(status));
    }

    private static ByteBuffer control(int type, int flags, int length) {
        ByteBuffer frame = ByteBuffer.allocate(8 + length);
        return frame.putInt(VERSION_3 << 16 | type).putInt(flags << 24 | length);
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

    @Override
    public void close() {
        lock.lock();
        try {
            headers.close();
        } finally {
            lock.unlock();
        }
    }
}
