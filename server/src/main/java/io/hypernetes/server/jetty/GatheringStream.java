package io.hypernetes.server.jetty;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Holds back what is written until it is flushed or is much, so that the events which a watcher is
 * behind leave together; holds next to nothing while a watch is quiet.
 */
final class GatheringStream extends FilterOutputStream {
    private static final int MUCH = 64 * 1024;

    /** A buffer that grew longer is not kept beyond its flush. */
    private static final int KEPT = 4 * 1024;

    private byte[] buffer = {};
    private int count;

    GatheringStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (count + length > MUCH) {
            drain();
        }
        if (length > MUCH) {
            out.write(bytes, offset, length);
            return;
        }
        if (count + length > buffer.length) {
            int size = Math.max(count + length, Math.min(2 * buffer.length, MUCH));
            buffer = Arrays.copyOf(buffer, size);
        }
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
    }

    private void drain() throws IOException {
        if (count > 0) {
            out.write(buffer, 0, count);
            count = 0;
        }
    }

    /**
     * What is written below leaves at once; a flush of nothing tells whether the client is there.
     */
    @Override
    public void flush() throws IOException {
        if (count > 0) {
            drain();
        } else {
            out.flush();
        }
        if (buffer.length > KEPT) {
            buffer = new byte[0];
        }
    }
}
