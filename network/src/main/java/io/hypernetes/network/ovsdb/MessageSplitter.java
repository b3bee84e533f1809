package io.hypernetes.network.ovsdb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into JSON objects. The protocol has no framing (RFC 7047 section 4): an
 * object ends where its braces balance outside of strings.
 *
 * <p>Only ASCII bytes have a meaning here and UTF-8 never uses them inside a longer character, so
 * the cut is right wherever the bytes were torn apart. The objects are not checked further; that is
 * the work of the JSON parser behind.
 */
final class MessageSplitter {

    private static final int FIRST_CAPACITY = 8 * 1024;

    private final int maxBytes;
    private final Consumer<byte[]> messages;

    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int length;
    private int depth;
    private boolean inString;
    private boolean escaped;

    /**
     * @param maxBytes the largest message, in bytes
     * @param messages gets each complete message, an object of its own
     */
    MessageSplitter(int maxBytes, Consumer<byte[]> messages) {
        this.maxBytes = maxBytes;
        this.messages = messages;
    }

    /**
     * Takes all bytes that the buffer has left.
     *
     * @throws OvsdbException ({@code PROTOCOL}) when a message is too large or does not begin with
     *     a brace; the stream is of no use after that
     */
    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (depth == 0 && isSpace(b)) {
                continue;
            }
            if (depth == 0 && b != '{') {
                throw new OvsdbException(
                        OvsdbException.Reason.PROTOCOL,
                        "expected the '{' of a message, got byte 0x%02x".formatted(b));
            }
            append(b);
            track(b);
            if (depth == 0) {
                byte[] message = Arrays.copyOf(buffer, length);
                length = 0;
                if (buffer.length > 64 * FIRST_CAPACITY) {
                    buffer = new byte[FIRST_CAPACITY]; // one large answer must not stay for ever
                }
                messages.accept(message);
            }
        }
    }

    private void append(byte b) {
        if (length == maxBytes) {
            throw new OvsdbException(
                    OvsdbException.Reason.PROTOCOL,
                    "a message is larger than the limit of " + maxBytes + " bytes");
        }
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(maxBytes, 2L * length));
        }
        buffer[length++] = b;
    }

    private void track(byte b) {
        if (inString) {
            if (escaped) {
                escaped = false;
            } else if (b == '\\') {
                escaped = true;
            } else if (b == '"') {
                inString = false;
            }
            return;
        }
        switch (b) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
