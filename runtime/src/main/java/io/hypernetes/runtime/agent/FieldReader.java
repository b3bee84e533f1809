package io.hypernetes.runtime.agent;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads a payload from the guest; every method throws {@link BreachException} when it is short. */
final class FieldReader {

    private static final int MAX_STRING = 16384;

    private final ByteBuffer in;

    FieldReader(byte[] payload) {
        in = ByteBuffer.wrap(payload);
    }

    int u8() {
        return Byte.toUnsignedInt(take(1).get());
    }

    boolean flag() {
        return u8() != 0;
    }

    int i32() {
        return take(4).getInt();
    }

    long u64() {
        return take(8).getLong();
    }

    /** A count of things that take at least one byte each. */
    int count() {
        int count = i32();
        if (count < 0 || count > in.remaining()) {
            throw new BreachException("a count of " + Integer.toUnsignedString(count));
        }
        return count;
    }

    String string() {
        int length = i32();
        if (length < 0 || length > MAX_STRING || length >= in.remaining()) {
            throw new BreachException("a text of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] text = raw(length);
        in.get();
        return new String(text, StandardCharsets.UTF_8);
    }

    byte[] blob(int longest) {
        int length = i32();
        if (length < 0 || length > longest) {
            throw new BreachException(Integer.toUnsignedString(length) + " bytes");
        }
        return raw(length);
    }

    byte[] raw(int length) {
        byte[] bytes = new byte[length];
        take(length).get(bytes);
        return bytes;
    }

    boolean isAtEnd() {
        return !in.hasRemaining();
    }

    byte[] rest() {
        return raw(in.remaining());
    }

    private ByteBuffer take(int bytes) {
        try {
            ByteBuffer taken = in.slice(in.position(), bytes);
            in.position(in.position() + bytes);
            return taken;
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new BreachException("a message that is too short", e);
        }
    }
}
