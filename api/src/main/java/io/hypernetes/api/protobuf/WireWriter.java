package io.hypernetes.api.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the wire format from its end to its beginning, so that a message's length is known when
 * its head is written and nothing is copied or counted twice. Last field first.
 */
final class WireWriter {
    private byte[] data;
    private int start;

    WireWriter(int expected) {
        data = new byte[expected];
        start = expected;
    }

    /** How many bytes are written; the difference of two is the length of what came between. */
    int length() {
        return data.length - start;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(data, start, data.length);
    }

    void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(int field, byte[] value) {
        raw(value);
        head(field, value.length);
    }

    /** The head of a message whose content is what was written since {@code mark}. */
    void message(int field, int mark) {
        head(field, length() - mark);
    }

    void varint(int field, long value) {
        varint(value);
        varint((long) field << 3 | WireReader.VARINT);
    }

    void fixed64(int field, long value) {
        require(8);
        start -= 8;
        for (int i = 0; i < 8; i++) {
            data[start + i] = (byte) (value >>> (8 * i));
        }
        varint((long) field << 3 | WireReader.FIXED64);
    }

    void raw(byte[] value) {
        require(value.length);
        start -= value.length;
        System.arraycopy(value, 0, data, start, value.length);
    }

    /** Field and length of a content that is written already, or elsewhere. */
    void head(int field, long length) {
        varint(length);
        varint((long) field << 3 | WireReader.BYTES);
    }

    private void varint(long value) {
        int size = (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
        require(size);
        start -= size;
        long rest = value;
        for (int i = 0; i < size; i++) {
            data[start + i] = (byte) (i < size - 1 ? rest & 0x7f | 0x80 : rest);
            rest >>>= 7;
        }
    }

    private void require(int bytes) {
        if (start < bytes) {
            int used = length();
            byte[] larger = new byte[Math.max(data.length * 2, used + bytes)];
            System.arraycopy(data, start, larger, larger.length - used, used);
            start = larger.length - used;
            data = larger;
        }
    }
}
