package io.hypernetes.runtime.image;

import com.github.luben.zstd.ZstdInputStream;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;

/**
 * A layer's tar stream, whatever its compression (told by its first bytes, as media types are not
 * reliable), counted against a limit and hashed.
 */
final class LayerInput extends FilterInputStream {

    private static final int BUFFER = 1 << 16;

    private final Digest expected;
    private final MessageDigest hasher;
    private final long limit;
    private long count;

    private LayerInput(InputStream in, Digest expected, long limit) {
        super(in);
        this.expected = expected;
        this.hasher = expected.hasher();
        this.limit = limit;
    }

    static LayerInput open(Path file, Digest expected, long limit) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            return new LayerInput(
                    new BufferedInputStream(decompress(raw), BUFFER), expected, limit);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private static InputStream decompress(InputStream raw) throws IOException {
        raw.mark(4);
        byte[] start = raw.readNBytes(4);
        raw.reset();
        if (start.length >= 2 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b) {
            return new GZIPInputStream(raw, BUFFER);
        }
        if (start.length == 4
                && start[0] == 0x28
                && (start[1] & 0xff) == 0xb5
                && start[2] == 0x2f
                && (start[3] & 0xff) == 0xfd) {
            return new ZstdInputStream(raw);
        }
        return raw;
    }

    /** Reads to the end and throws unless everything read is what was expected. */
    void verify() throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (read(buffer, 0, buffer.length) >= 0) {
            // tar readers stop at the end mark; what follows belongs to the digest all the same
        }
        expected.verify(hasher, "a layer");
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n > 0) {
            count += n;
            if (count > limit) {
                throw Flattener.tooLarge("its layers unpack to more than the limit of this node");
            }
            hasher.update(buffer, offset, n);
        }
        return n;
    }

    /** Skipped bytes are read, or the hash would miss them. */
    @Override
    public long skip(long n) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(n, 0))];
        return buffer.length == 0 ? 0 : Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
