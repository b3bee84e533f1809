package io.hypernetes.server.http;

import java.io.IOException;
import java.io.InputStream;

/** A stream whose bytes come in blocks: what it makes of a single byte is the same everywhere. */
public abstract class BlockInput extends InputStream {
    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Waits for at least one byte. */
    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;
}
