package io.hypernetes.api.types.certificates;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value in DER (X.690), just enough of it to find the subject, the key and the signature of a
 * request. Every length is checked against what is there.
 */
final class Der {

    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    private static final int UNIVERSAL_STRING = 0x1c;
    private static final int BMP_STRING = 0x1e;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int BIT_STRING = 0x03;

    private final byte[] bytes;
    private final int start;
    private final int content;
    private final int end;

    /** Where the next inner value starts; used by one thread. */
    private int cursor;

    private Der(byte[] bytes, int start, int content, int end) {
        this.bytes = bytes;
        this.start = start;
        this.content = content;
        this.end = end;
        this.cursor = content;
    }

    /** The value that all of the bytes are. */
    static Der read(byte[] bytes) {
        Der value = at(bytes, 0, bytes.length);
        if (value.end != bytes.length) {
            throw new DerException("trailing data");
        }
        return value;
    }

    private static Der at(byte[] bytes, int start, int limit) {
        if (limit - start < 2) {
            throw new DerException("truncated");
        }
        int first = bytes[start + 1] & 0xff;
        int content = start + 2;
        long length = first;
        if (first > 0x7f) {
            int count = first & 0x7f;
            if (count == 0 || count > 4 || content + count > limit) {
                throw new DerException("bad length");
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | bytes[content + i] & 0xff;
            }
            content += count;
        }
        if (length > limit - content) {
            throw new DerException("truncated");
        }
        return new Der(bytes, start, content, content + (int) length);
    }

    /** This value, which must have the tag; {@link #next} then gives what is in it. */
    Der enter(int tag) {
        if ((bytes[start] & 0xff) != tag) {
            throw new DerException("unexpected tag " + (bytes[start] & 0xff));
        }
        cursor = content;
        return this;
    }

    /** Whether there is more in it. */
    boolean hasNext() {
        return cursor < end;
    }

    Der next() {
        Der value = at(bytes, cursor, end);
        cursor = value.end;
        return value;
    }

    /** Tag, length and content. */
    byte[] encoded() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** The content of a bit string of whole bytes. */
    byte[] bits() {
        enter(BIT_STRING);
        if (content == end || bytes[content] != 0) {
            throw new DerException("bit string of broken bytes");
        }
        return Arrays.copyOfRange(bytes, content + 1, end);
    }

    /** The content of one of the many kinds of strings. */
    String text() {
        Charset charset =
                switch (bytes[start] & 0xff) {
                    case BMP_STRING -> StandardCharsets.UTF_16BE;
                    case UNIVERSAL_STRING -> StandardCharsets.UTF_32BE;
                    default -> StandardCharsets.UTF_8;
                };
        return new String(bytes, content, end - content, charset);
    }

    String objectIdentifier() {
        enter(OBJECT_IDENTIFIER);
        if (content == end) {
            throw new DerException("empty object identifier");
        }
        StringBuilder text = new StringBuilder();
        int first = bytes[content] & 0xff;
        text.append(Math.min(first / 40, 2))
                .append('.')
                .append(first - 40 * Math.min(first / 40, 2));
        long number = 0;
        for (int i = content + 1; i < end; i++) {
            number = number << 7 | bytes[i] & 0x7f;
            if (bytes[i] >= 0) {
                text.append('.').append(number);
                number = 0;
            }
        }
        return text.toString();
    }
}
