package io.hypernetes.runtime.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Frames as bytes: a u32 length of what follows it, u8 type, u32 id, payload; coded with consistent
 * overhead byte stuffing (Cheshire and Baker, IEEE/ACM Transactions on Networking 7, 1999), so that
 * a zero byte stands between frames and nowhere else. Whoever joins in the middle of a frame, or
 * whose peer died in the middle of one, goes on at the next zero; the length tells a frame that was
 * cut off from a whole one.
 */
final class FrameCodec {

    private FrameCodec() {}

    /** The frame with a zero byte on either side of it. */
    static byte[] encode(Frame frame) {
        if (frame.payload().length > Frame.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a frame carries "
                            + Frame.MAX_PAYLOAD
                            + " bytes at most, not "
                            + frame.payload().length);
        }
        byte[] plain =
                ByteBuffer.allocate(Frame.HEADER_BYTES + frame.payload().length)
                        .putInt(Frame.HEADER_BYTES - 4 + frame.payload().length)
                        .put((byte) frame.type())
                        .putInt(frame.id())
                        .put(frame.payload())
                        .array();
        byte[] coded = new byte[plain.length + plain.length / 254 + 3];
        int at = 1; // the zero that ends whatever was cut off before
        int code = at++;
        for (byte b : plain) {
            if (b != 0) {
                coded[at++] = b;
            }
            if (b == 0 || at - code == 255) {
                coded[code] = (byte) (at - code);
                code = at++;
            }
        }
        coded[code] = (byte) (at - code);
        return Arrays.copyOf(coded, at + 1);
    }

    /** Finds frames in a stream of bytes; what is no frame is passed over. One thread at a time. */
    static final class Decoder {

        private final byte[] coded = new byte[Frame.MAX_BYTES + Frame.MAX_BYTES / 254 + 2];
        private int length;
        private boolean tooLong;

        /** Takes all that remains in the buffer. */
        void feed(ByteBuffer bytes, Consumer<Frame> frames) {
            while (bytes.hasRemaining()) {
                byte b = bytes.get();
                if (b != 0) {
                    if (length == coded.length) {
                        tooLong = true;
                    } else {
                        coded[length++] = b;
                    }
                    continue;
                }
                int plain = tooLong ? 0 : unstuff();
                if (plain >= Frame.HEADER_BYTES) {
                    ByteBuffer frame = ByteBuffer.wrap(coded, 0, plain);
                    if (frame.getInt() == plain - 4) {
                        int type = Byte.toUnsignedInt(frame.get());
                        int id = frame.getInt();
                        frames.accept(
                                new Frame(
                                        type,
                                        id,
                                        Arrays.copyOfRange(coded, Frame.HEADER_BYTES, plain)));
                    }
                }
                length = 0;
                tooLong = false;
            }
        }

        /** In place; the plain length, or 0 when the code points beyond the end. */
        private int unstuff() {
            int read = 0;
            int written = 0;
            while (read < length) {
                int code = Byte.toUnsignedInt(coded[read++]);
                int run = code - 1;
                if (run > length - read) {
                    return 0;
                }
                System.arraycopy(coded, read, coded, written, run);
                read += run;
                written += run;
                if (code < 255 && read < length) {
                    coded[written++] = 0;
                }
            }
            return Math.min(written, Frame.MAX_BYTES);
        }
    }
}
