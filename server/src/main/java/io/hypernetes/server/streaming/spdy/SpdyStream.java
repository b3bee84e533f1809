package io.hypernetes.server.streaming.spdy;

import io.hypernetes.server.http.BlockInput;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One stream that the client opened. Each direction ends by itself.
 *
 * <p>{@code lock} guards all state. Bytes that came wait here until somebody reads them; when too
 * many do, the session's reader waits too, and with it the client.
 */
public final class SpdyStream {
    /** Bytes of one direction's window, as SPDY/3.1 begins with. */
    static final int WINDOW = 64 * 1024;

    private static final int PIECE = 32 * 1024;

    private final SpdySession session;
    private final int id;
    private final Map<String, String> headers;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private int consumed;
    private boolean remoteEnded;
    private boolean localEnded;
    private @Nullable String broken;

    /**
     * What may still be sent, once the peer has shown that it counts: Go's spdystream, which
     * kubectl is built on, neither sends nor heeds windows.
     */
    private long window = WINDOW;

    private boolean windowed;
    private boolean used;

    SpdyStream(SpdySession session, int id, Map<String, String> headers) {
        this.session = session;
        this.id = id;
        this.headers = headers;
    }

    public int id() {
        return id;
    }

    /** The first value of a header (lower case), empty when it is missing. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Called by the session's reader; waits while nobody reads. */
    void received(byte[] bytes, boolean fin) throws IOException {
        // Waited for without the lock: readers must be able to give back what they took.
        try {
            session.memory().acquire(bytes.length);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        boolean kept = false;
        lock.lock();
        try {
            while (waitingBytes >= 2 * WINDOW && broken == null && !remoteEnded) {
                changed.await();
            }
            if (broken != null || remoteEnded) {
                return;
            }
            if (bytes.length > 0) {
                waiting.add(bytes);
                waitingBytes += bytes.length;
                kept = true;
            }
            remoteEnded = fin;
            changed.signalAll();
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
            if (!kept) {
                session.memory().release(bytes.length);
            }
        }
    }

    void windowUpdated(int delta) {
        lock.lock();
        try {
            windowed = true;
            window = Math.min(window + delta, Integer.MAX_VALUE);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Reads and writes fail from now on. */
    void breakOff(String why) {
        lock.lock();
        try {
            if (broken == null) {
                broken = why;
                // What was not read yet is still there to be read when the client had ended.
                if (!remoteEnded) {
                    session.memory().release(waitingBytes);
                    waiting.clear();
                    waitingBytes = 0;
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Marks that somebody looks after this stream. */
    public void use() {
        lock.lock();
        try {
            used = true;
        } finally {
            lock.unlock();
        }
    }

    /** For a stream that waited too long for its partner. */
    public void resetUnlessUsed() {
        boolean reset;
        lock.lock();
        try {
            reset = !used && broken == null;
        } finally {
            lock.unlock();
        }
        if (reset) {
            reset();
        }
    }

    /** Nobody reads the client's side any more: what it still sends is dropped. */
    public void stopReading() {
        boolean over;
        lock.lock();
        try {
            over = remoteEnded;
            if (broken == null) {
                broken = "the stream is over";
                session.memory().release(waitingBytes);
                waiting.clear();
                waitingBytes = 0;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!over) {
            session.forget(id);
        }
    }

    /** What the client sends; ends where it says so, fails when it resets the stream. */
    public InputStream input() {
        return new Input();
    }

    /** Closing it ends this direction. */
    public OutputStream output() {
        return new Output();
    }

    /** Ends both directions at once. */
    public void reset() {
        breakOff("the stream was reset");
        session.reset(this, Frame.CANCEL);
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while a stream waited");
    }

    private final class Input extends BlockInput {
        private byte[] piece = new byte[0];
        private int at;

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == piece.length && !next()) {
                return -1;
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, target, offset, count);
            at += count;
            return count;
        }

        private boolean next() throws IOException {
            int grant = 0;
            lock.lock();
            try {
                while (waiting.isEmpty() && !remoteEnded && broken == null) {
                    changed.await();
                }
                byte[] next = waiting.poll();
                if (next == null) {
                    if (broken != null && !remoteEnded) {
                        throw new IOException(broken);
                    }
                    return false;
                }
                piece = next;
                at = 0;
                waitingBytes -= next.length;
                session.memory().release(next.length);
                consumed += next.length;
                if (consumed >= WINDOW / 2 && !remoteEnded) {
                    grant = consumed;
                    consumed = 0;
                }
                changed.signalAll();
            } catch (InterruptedException e) {
                throw interrupted();
            } finally {
                lock.unlock();
            }
            if (grant > 0) {
                session.grant(id, grant);
            }
            return true;
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int sent = 0;
            while (sent < length) {
                int count = take(Math.min(PIECE, length - sent));
                session.writer().data(id, false, bytes, offset + sent, count);
                sent += count;
            }
        }

        /** Waits for room in the windows; how much may be sent now. */
        private int take(int wanted) throws IOException {
            lock.lock();
            try {
                while (windowed && window <= 0 && broken == null) {
                    changed.await();
                }
                if (broken != null) {
                    throw new IOException(broken);
                }
                if (localEnded) {
                    throw new IOException("the stream was closed");
                }
                int count = windowed ? (int) Math.min(wanted, window) : wanted;
                window -= count;
                return count;
            } catch (InterruptedException e) {
                throw interrupted();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            boolean over;
            lock.lock();
            try {
                if (localEnded || broken != null) {
                    return;
                }
                localEnded = true;
                over = remoteEnded;
            } finally {
                lock.unlock();
            }
            session.writer().data(id, true, new byte[0], 0, 0);
            if (over) {
                session.forget(id);
            }
        }
    }

    /** Whether both directions have ended. */
    public boolean isOver() {
        lock.lock();
        try {
            return broken != null || (localEnded && remoteEnded);
        } finally {
            lock.unlock();
        }
    }
}
