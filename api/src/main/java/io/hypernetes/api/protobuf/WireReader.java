package io.hypernetes.api.protobuf;

import io.hypernetes.api.ApiException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the wire format: tags, varints, length-delimited fields. Throws BadRequest. */
final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final byte[] data;
    private final int end;
    private int position;

    WireReader(byte[] data) {
        this(data, 0, data.length);
    }

    WireReader(byte[] data, int from, int end) {
        this.data = data;
        this.position = from;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    /** Field number times eight plus wire type. */
    int tag() {
        long tag = varint();
        if (tag <= 0 || tag > Integer.MAX_VALUE) {
            throw malformed("a tag out of range");
        }
        return (int) tag;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= end) {
                throw malformed("it ends within a number");
            }
            byte next = data[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than ten bytes");
    }

    long fixed64() {
        require(8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | (data[position + i] & 0xff);
        }
        position += 8;
        return value;
    }

    /** The content of a length-delimited field. */
    WireReader nested() {
        int length = length();
        WireReader nested = new WireReader(data, position, position + length);
        position += length;
        return nested;
    }

    byte[] bytes() {
        int length = length();
        byte[] bytes = Arrays.copyOfRange(data, position, position + length);
        position += length;
        return bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    void skip(int wireType) {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> {
                require(8);
                position += 8;
            }
            case BYTES -> nested();
            case FIXED32 -> {
                require(4);
                position += 4;
            }
            default -> throw malformed("wire type " + wireType);
        }
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw malformed("a length beyond its end");
        }
        return (int) length;
    }

    private void require(int bytes) {
        if (end - position < bytes) {
            throw malformed("it ends within a number");
        }
    }

    static ApiException malformed(String detail) {
        return ApiException.badRequest("the body is no valid Kubernetes protobuf: " + detail);
    }
}
