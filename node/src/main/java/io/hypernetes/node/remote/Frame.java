package io.hypernetes.node.remote;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A piece of a remote command's connection: what it is, its length, its bytes. */
record Frame(Kind kind, byte[] bytes) {

    private static final int MOST_BYTES = 1024 * 1024;

    enum Kind {
        STDIN,
        STDIN_END,
        RESIZE,
        STDOUT,
        STDERR,
        /** The process' exit code; the last of a connection. */
        EXIT,
        /** Why there is none. */
        FAILURE
    }

    static Frame of(Kind kind, int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return new Frame(kind, bytes.array());
    }

    int number(int index) throws IOException {
        if (bytes.length < (index + 1) * Integer.BYTES) {
            throw new IOException("a frame is too short");
        }
        return ByteBuffer.wrap(bytes).getInt(index * Integer.BYTES);
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** In one piece, so that frames of several threads do not mix. */
    void write(OutputStream out) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(1 + Integer.BYTES + bytes.length);
        all.put((byte) kind.ordinal()).putInt(bytes.length).put(bytes);
        synchronized (out) {
            out.write(all.array());
            out.flush();
        }
    }

    /** Empty at the end of the connection. */
    static Optional<Frame> read(DataInputStream in) throws IOException {
        int kind = in.read();
        if (kind < 0) {
            return Optional.empty();
        }
        int length = in.readInt();
        if (kind >= Kind.values().length || length < 0 || length > MOST_BYTES) {
            throw new IOException("no frame of a remote command");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a frame is cut off");
        }
        return Optional.of(new Frame(Kind.values()[kind], bytes));
    }

    /** Everything that is written becomes frames of this kind. */
    static OutputStream stream(Kind kind, OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += MOST_BYTES) {
                    int some = Math.min(MOST_BYTES, length - done);
                    byte[] part = new byte[some];
                    System.arraycopy(bytes, offset + done, part, 0, some);
                    new Frame(kind, part).write(out);
                }
            }
        };
    }
}
