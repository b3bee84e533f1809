package io.hypernetes.node.remote;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A connection that has changed its protocol: what is written first is preceded by the answer that
 * says so. A process may speak before whoever started it knows that it runs.
 */
final class Greeting extends OutputStream {

    private final OutputStream out;

    /** Guarded by this. */
    private boolean greeted;

    Greeting(OutputStream out) {
        this.out = out;
    }

    synchronized void greet() throws IOException {
        if (!greeted) {
            greeted = true;
            out.write(Head.response(101, "Switching Protocols"));
            out.flush();
        }
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        greet();
        out.write(octet);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        greet();
        out.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }
}
