package io.hypernetes.server.outbound;

import io.hypernetes.server.http.BlockInput;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer: of a known length, or in chunks (RFC 9112, section 7.1). */
final class BodyStream extends BlockInput {
    private static final int MOST_LINE_BYTES = 4096;
    private static final int MOST_TRAILER_BYTES = 64 * 1024;

    private final InputStream in;
    private final boolean chunked;

    /** Bytes left of the body, or of the chunk. */
    private long left;

    private boolean first = true;
    private boolean ended;

    private BodyStream(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static BodyStream ofLength(InputStream in, long length) {
        return new BodyStream(in, false, length);
    }

    static BodyStream chunked(InputStream in) {
        return new BodyStream(in, true, 0);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (left == 0 || ended) {
            return -1;
        }
        int read = in.read(target, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("the body ended " + left + " bytes too early");
        }
        left -= read;
        return read;
    }

    private void nextChunk() throws IOException {
        Incoming.HeadReader lines = new Incoming.HeadReader(in, MOST_LINE_BYTES);
        if (!first && !lines.next().isEmpty()) {
            throw new IOException("a chunk is longer than it says");
        }
        first = false;
        String line = lines.next();
        int extension = line.indexOf(';');
        String size = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new IOException("a chunk's size is no number");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            ended = true;
            Incoming.HeadReader trailers = new Incoming.HeadReader(in, MOST_TRAILER_BYTES);
            while (!trailers.next().isEmpty()) {
                // a trailer, of no use to anybody here
            }
        }
    }
}
