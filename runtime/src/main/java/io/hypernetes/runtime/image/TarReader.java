package io.hypernetes.runtime.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads ustar, with the extensions of POSIX.1-2001 (pax) and GNU for long names and large numbers.
 * Our own because extended attributes (file capabilities) are binary and the readers at hand decode
 * pax values as text. Sparse files are refused; image layers have none.
 */
final class TarReader {

    private static final int BLOCK = 512;
    private static final int MAX_EXTENSION = 1 << 20;
    private static final String XATTR = "SCHILY.xattr.";

    private final InputStream in;
    private long remaining;
    private long padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** The next member; what was not read of the one before is skipped. */
    Optional<TarEntry> next() throws IOException {
        Map<String, byte[]> pax = new LinkedHashMap<>();
        while (true) {
            skipContent();
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || isZero(header)) {
                return Optional.empty();
            }
            if (header.length < BLOCK) {
                throw new EOFException("the tar file ends within a header");
            }
            requireChecksum(header);
            long size = number(header, 124, 12);
            char flag = (char) (header[156] & 0xff);
            switch (flag) {
                case 'x' -> parsePax(extension(size), pax);
                case 'L' -> pax.put("path", trim(extension(size)));
                case 'K' -> pax.put("linkpath", trim(extension(size)));
                case 'S' -> throw sparse();
                default -> {
                    Optional<TarEntry> entry = entry(header, flag, size, pax);
                    if (entry.isPresent()) {
                        return entry;
                    }
                    pax.clear();
                }
            }
        }
    }

    /** Bytes of the current member's content; -1 at its end. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, remaining));
        if (n < 0) {
            throw new EOFException("the tar file ends within a member");
        }
        remaining -= n;
        return n;
    }

    private Optional<TarEntry> entry(byte[] header, char flag, long size, Map<String, byte[]> pax)
            throws IOException {
        long length = pax.containsKey("size") ? decimal(pax, "size", 0) : size;
        boolean noContent = flag >= '1' && flag <= '6';
        expect(noContent ? 0 : length);
        String name = text(pax, "path", name(header));
        TarEntry.Type type = type(flag, name);
        if (type == null) {
            return Optional.empty(); // a volume label, a global header: nothing of an image
        }
        if (pax.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."))) {
            throw sparse();
        }
        Map<String, byte[]> xattrs = new LinkedHashMap<>();
        pax.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.put(key.substring(XATTR.length()), value);
            }
        });
        return Optional.of(
                new TarEntry(
                        name,
                        type,
                        (int) number(header, 100, 8) & 07777,
                        decimal(pax, "uid", number(header, 108, 8)),
                        decimal(pax, "gid", number(header, 116, 8)),
                        // Old writers mark a directory by its name alone; its bytes are skipped.
                        type == TarEntry.Type.FILE ? length : 0,
                        decimal(pax, "mtime", number(header, 136, 12)),
                        text(pax, "linkpath", string(header, 157, 100)),
                        (int) number(header, 329, 8),
                        (int) number(header, 337, 8),
                        xattrs));
    }

    private static TarEntry.@Nullable Type type(char flag, String name) {
        return switch (flag) {
            case '0', '\0', '7' ->
                    name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
            case '1' -> TarEntry.Type.HARD_LINK;
            case '2' -> TarEntry.Type.SYMBOLIC_LINK;
            case '3' -> TarEntry.Type.CHARACTER_DEVICE;
            case '4' -> TarEntry.Type.BLOCK_DEVICE;
            case '5' -> TarEntry.Type.DIRECTORY;
            case '6' -> TarEntry.Type.FIFO;
            default -> null;
        };
    }

    private void expect(long length) {
        if (length < 0) {
            throw ImageException.invalid("a member of the tar file has a negative size");
        }
        remaining = length;
        padding = (BLOCK - length % BLOCK) % BLOCK;
    }

    private byte[] extension(long size) throws IOException {
        if (size < 0 || size > MAX_EXTENSION) {
            throw ImageException.invalid("a header of the tar file is too long: " + size);
        }
        expect(size);
        byte[] bytes = in.readNBytes((int) size);
        remaining -= bytes.length;
        if (remaining > 0) {
            throw new EOFException("the tar file ends within a header");
        }
        return bytes;
    }

    private void skipContent() throws IOException {
        in.skipNBytes(remaining + padding);
        remaining = 0;
        padding = 0;
    }

    /** Records {@code "<length> <key>=<value>\n"}; the length counts the whole record. */
    private static void parsePax(byte[] bytes, Map<String, byte[]> pax) {
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            int length = 0;
            while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
                length = Math.min(length * 10 + bytes[space] - '0', MAX_EXTENSION + 1);
                space++;
            }
            int end = at + length;
            int equals = space + 1;
            while (equals < bytes.length && bytes[equals] != '=') {
                equals++;
            }
            if (space >= bytes.length
                    || bytes[space] != ' '
                    || end > bytes.length
                    || equals >= end
                    || bytes[end - 1] != '\n') {
                throw ImageException.invalid("a pax header of the tar file is malformed");
            }
            String key = new String(bytes, space + 1, equals - space - 1, ISO_8859_1);
            pax.put(key, Arrays.copyOfRange(bytes, equals + 1, end - 1));
            at = end;
        }
    }

    private static String name(byte[] header) {
        String name = string(header, 0, 100);
        // Only POSIX's magic has a prefix; GNU's keeps times there.
        boolean posix = string(header, 257, 6).equals("ustar") && header[262] == 0;
        String prefix = posix ? string(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String string(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, ISO_8859_1);
    }

    private static String text(Map<String, byte[]> pax, String key, String otherwise) {
        byte[] value = pax.get(key);
        return value == null ? otherwise : new String(value, ISO_8859_1);
    }

    private static long decimal(Map<String, byte[]> pax, String key, long otherwise) {
        byte[] value = pax.get(key);
        if (value == null) {
            return otherwise;
        }
        String text = new String(value, ISO_8859_1);
        int dot = text.indexOf('.');
        try {
            return Long.parseLong(dot < 0 ? text : text.substring(0, dot));
        } catch (NumberFormatException e) {
            throw new ImageException(
                    ImageException.Reason.INVALID, "a pax header has a bad number for " + key, e);
        }
    }

    /** Octal digits, or GNU's base 256 when the first bit is set. */
    private static long number(byte[] bytes, int offset, int length) {
        if ((bytes[offset] & 0x80) != 0) {
            long value = (bytes[offset] & 0x40) != 0 ? -1 : 0;
            value = value << 6 | (bytes[offset] & 0x3f);
            for (int i = offset + 1; i < offset + length; i++) {
                value = value << 8 | (bytes[i] & 0xff);
            }
            return value;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            byte digit = bytes[i];
            if (digit >= '0' && digit <= '7') {
                value = value << 3 | (digit - '0');
            } else if (digit != ' ' && digit != 0) {
                throw ImageException.invalid("a header of the tar file has a bad number");
            } else if (value != 0) {
                break;
            }
        }
        return value;
    }

    private static void requireChecksum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != number(header, 148, 8)) {
            throw ImageException.invalid("this is not a tar file, or it is damaged");
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] trim(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static ImageException sparse() {
        return ImageException.invalid("the tar file has sparse members, which are not supported");
    }
}
