package io.hypernetes.runtime.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Writes POSIX.1-2001 tar (ustar with pax headers where ustar is too small). */
final class TarWriter {

    private static final int BLOCK = 512;
    private static final long MAX_SMALL = 07777777;
    private static final long MAX_LARGE = 077777777777L;

    /** Where content comes from: like {@link InputStream#read(byte[], int, int)}. */
    interface Source {
        int read(byte[] buffer, int offset, int length) throws IOException;
    }

    private static final Source NOTHING = (buffer, offset, length) -> -1;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes a member without content. */
    void write(TarEntry entry) throws IOException {
        write(entry, NOTHING);
    }

    /** Writes a member with {@code entry.size()} bytes from the source. */
    void write(TarEntry entry, Source content) throws IOException {
        byte[] pax = pax(entry);
        if (pax.length > 0) {
            out.write(header(TarEntry.file("pax", 0644, pax.length), 'x'));
            out.write(pax);
            pad(pax.length);
        }
        out.write(header(entry, entry.type().flag));
        long left = entry.size();
        while (left > 0) {
            int n = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException(entry.name() + " ends " + left + " bytes early");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
        pad(entry.size());
    }

    /** Writes the end of the file; the stream stays open. */
    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void pad(long length) throws IOException {
        out.write(new byte[(int) ((BLOCK - length % BLOCK) % BLOCK)]);
    }

    private static byte[] pax(TarEntry entry) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        if (entry.name().length() > 100) {
            record(records, "path", bytes(entry.name()));
        }
        if (entry.link().length() > 100) {
            record(records, "linkpath", bytes(entry.link()));
        }
        number(records, "size", entry.size(), MAX_LARGE);
        number(records, "uid", entry.uid(), MAX_SMALL);
        number(records, "gid", entry.gid(), MAX_SMALL);
        number(records, "mtime", entry.modified(), MAX_LARGE);
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            record(records, "SCHILY.xattr." + xattr.getKey(), xattr.getValue());
        }
        return records.toByteArray();
    }

    private static void number(ByteArrayOutputStream records, String key, long value, long max) {
        if (value < 0 || value > max) {
            record(records, key, bytes(Long.toString(value)));
        }
    }

    /** The length of a record counts its own digits. */
    private static void record(ByteArrayOutputStream records, String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length++;
        }
        records.writeBytes(bytes(length + " " + key + "="));
        records.writeBytes(value);
        records.write('\n');
    }

    private static byte[] header(TarEntry entry, char flag) {
        byte[] header = new byte[BLOCK];
        put(header, 0, 100, entry.name());
        octal(header, 100, 8, entry.mode());
        octal(header, 108, 8, small(entry.uid(), MAX_SMALL));
        octal(header, 116, 8, small(entry.gid(), MAX_SMALL));
        octal(header, 124, 12, small(entry.size(), MAX_LARGE));
        octal(header, 136, 12, small(entry.modified(), MAX_LARGE));
        header[156] = (byte) flag;
        put(header, 157, 100, entry.link());
        put(header, 257, 6, "ustar");
        put(header, 263, 2, "00");
        octal(header, 329, 8, entry.deviceMajor());
        octal(header, 337, 8, entry.deviceMinor());
        int sum = 8 * ' ';
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        header[155] = ' ';
        return header;
    }

    private static long small(long value, long max) {
        return value < 0 || value > max ? 0 : value;
    }

    private static void put(byte[] header, int offset, int length, String text) {
        byte[] bytes = bytes(text);
        System.arraycopy(bytes, 0, header, offset, Math.min(length, bytes.length));
    }

    private static void octal(byte[] header, int offset, int length, long value) {
        for (int i = offset + length - 2; i >= offset; i--) {
            header[i] = (byte) ('0' + (value & 7));
            value >>>= 3;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
