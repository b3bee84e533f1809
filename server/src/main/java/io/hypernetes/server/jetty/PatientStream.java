package io.hypernetes.server.jetty;

import io.hypernetes.server.http.Pace;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An answer that may be silent for long, as a watch is, but does not wait for a reader who takes
 * nothing: a write that is not done in time is broken off, and with it goes what the reader was
 * sent and has not taken.
 */
final class PatientStream extends OutputStream {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Content.Sink sink;
    private final long patienceMillis;
    private boolean closed;

    PatientStream(Content.Sink sink, long patienceMillis) {
        this.sink = sink;
        this.patienceMillis = patienceMillis;
    }

    /** Writes and returns when it is done; throws when it is not, after that time. */
    static void write(Content.Sink sink, boolean last, ByteBuffer bytes, long patienceMillis)
            throws IOException {
        Callback.Completable done = new Callback.Completable();
        try (Pace.Turn _ = Pace.turn(bytes.remaining())) {
            sink.write(last, bytes, done); // encrypted by this thread
        }
        try {
            done.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Jetty fails all writes of a broken stream with one exception; thrown as it is by a
            // write and again by close(), it would be asked to suppress itself.
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the client took nothing for " + patienceMillis + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the client was written to");
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        write(sink, false, ByteBuffer.wrap(bytes, offset, length), patienceMillis);
    }

    @Override
    public void flush() throws IOException {
        write(sink, false, NOTHING, patienceMillis);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            write(sink, true, NOTHING, patienceMillis);
        }
    }
}
