package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the protocol buffer wire format: a message grows field by field. */
final class Wire {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Wire text(int field, String text) {
        if (!text.isEmpty()) {
            delimited(field, text.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /** A text; nothing when the node is missing. */
    Wire text(int field, JsonNode text) {
        return text(field, text.asString(""));
    }

    Wire flag(int field, boolean value) {
        if (value) {
            varint((long) field << 3 | VARINT);
            varint(1);
        }
        return this;
    }

    /** Also when it is zero, which among alternatives is a value. */
    Wire integer(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    Wire decimal(int field, double value) {
        varint((long) field << 3 | FIXED_64);
        long bits = Double.doubleToLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (bits >>> shift));
        }
        return this;
    }

    /** A text that is the chosen one of alternatives, also when it is empty. */
    Wire choice(int field, String text) {
        delimited(field, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A message, also when it is empty: its presence may be all that it says. */
    Wire message(int field, Wire message) {
        delimited(field, message.bytes());
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void delimited(int field, byte[] content) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(content.length);
        out.writeBytes(content);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
