package io.hypernetes.server.streaming.spdy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Takes frames off a connection. For one thread. */
final class FrameReader implements AutoCloseable {
    /** Bytes of the longest control frame. */
    static final int MOST_CONTROL_BYTES = 16 * 1024;

    private static final int VERSION = 3;
    private static final int PIECE = 32 * 1024;

    private final DataInputStream in;
    private final HeaderDecoder headers = new HeaderDecoder();

    /** Of a DATA frame that has been read in part. */
    private int dataLeft;

    private int dataStream;
    private boolean dataFin;

    FrameReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /**
     * The next frame; empty when the peer ended between two. Throws SpdyException for what is no
     * frame or is too long, EOFException within one.
     */
    Optional<Frame> next() throws IOException {
        if (dataLeft > 0) {
            return Optional.of(piece());
        }
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int word = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int flags = in.readUnsignedByte();
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (word >= 0) {
            dataStream = word;
            dataFin = (flags & Frame.FLAG_FIN) != 0;
            dataLeft = length;
            return Optional.of(piece());
        }
        int version = word >>> 16 & 0x7fff;
        if (version != VERSION) {
            throw new SpdyException("version " + version + " of SPDY is not spoken here");
        }
        if (length > MOST_CONTROL_BYTES) {
            throw new SpdyException("a control frame of " + length + " bytes is too long");
        }
        byte[] content = new byte[length];
        in.readFully(content);
        return Optional.of(control(word & 0xffff, flags, ByteBuffer.wrap(content)));
    }

    private Frame.Data piece() throws IOException {
        byte[] bytes = in.readNBytes(Math.min(dataLeft, PIECE));
        if (bytes.length == 0 && dataLeft > 0) {
            throw new EOFException("the connection ended within a frame");
        }
        dataLeft -= bytes.length;
        return new Frame.Data(dataStream, dataFin && dataLeft == 0, bytes);
    }

    private Frame control(int type, int flags, ByteBuffer content) throws SpdyException {
        boolean fin = (flags & Frame.FLAG_FIN) != 0;
        return switch (type) {
            case Frame.SYN_STREAM -> {
                require(content, 10);
                int stream = id(content);
                content.position(10); // past associated stream, priority and slot
                yield new Frame.SynStream(stream, fin, block(content));
            }
            case Frame.SYN_REPLY -> {
                require(content, 4);
                yield new Frame.SynReply(id(content), fin, block(content));
            }
            case Frame.HEADERS -> {
                require(content, 4);
                int stream = id(content);
                block(content);
                yield new Frame.Headers(stream, fin);
            }
            case Frame.RST_STREAM -> {
                require(content, 8);
                yield new Frame.RstStream(id(content), content.getInt());
            }
            case Frame.PING -> {
                require(content, 4);
                yield new Frame.Ping(content.getInt());
            }
            case Frame.GOAWAY -> {
                require(content, 8);
                yield new Frame.GoAway(id(content), content.getInt());
            }
            case Frame.WINDOW_UPDATE -> {
                require(content, 8);
                yield new Frame.WindowUpdate(id(content), content.getInt() & Integer.MAX_VALUE);
            }
            default -> new Frame.Ignored(type);
        };
    }

    private static void require(ByteBuffer content, int bytes) throws SpdyException {
        if (content.remaining() < bytes) {
            throw new SpdyException("a control frame is too short");
        }
    }

    private static int id(ByteBuffer content) {
        return content.getInt() & Integer.MAX_VALUE;
    }

    private java.util.Map<String, String> block(ByteBuffer content) throws SpdyException {
        byte[] block = new byte[content.remaining()];
        content.get(block);
        return headers.decode(block);
    }

    @Override
    public void close() {
        headers.close();
    }
}
