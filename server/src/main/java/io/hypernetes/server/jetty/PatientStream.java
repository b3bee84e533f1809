package io.hypernetes.server.jetty;

import org.eclipse.jetty.server.Request;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * An answer that may be silent for long, as a watch is, but does not wait for a reader who takes
 * nothing: Jetty's idle timeout ends it when it comes during a write, and with it frees what the
 * reader was sent and has not taken.
 */
final class PatientStream extends FilterOutputStream {
    /** A write that began just now, after a long silence, is not what the timeout is for. */
    private static final long STUCK_NANOS = 500_000_000;

    private volatile boolean writing;
    private volatile long since;

    PatientStream(OutputStream out, Request request) {
        super(out);
        request.addIdleTimeoutListener(
                timeout -> writing && System.nanoTime() - since > STUCK_NANOS);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        begin();
        try {
            out.write(bytes, offset, length);
        } finally {
            writing = false;
        }
    }

    private void begin() {
        since = System.nanoTime();
        writing = true;
    }

    @Override
    public void flush() throws IOException {
        begin();
        try {
            out.flush();
        } finally {
            writing = false;
        }
    }

    @Override
    public void close() throws IOException {
        begin();
        try {
            out.close();
        } finally {
            writing = false;
        }
    }
}
