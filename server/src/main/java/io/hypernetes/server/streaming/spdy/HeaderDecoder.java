package io.hypernetes.server.streaming.spdy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads header blocks: one zlib stream over the whole session. For the reading thread. */
final class HeaderDecoder implements AutoCloseable {
    /** Bytes of one block when decompressed; Kubernetes' own take a few hundred. */
    static final int MOST_BYTES = 16 * 1024;

    private static final int MOST_HEADERS = 128;

    private final Inflater inflater = new Inflater();

    Map<String, String> decode(byte[] block) throws SpdyException {
        return parse(ByteBuffer.wrap(inflate(block)));
    }

    private byte[] inflate(byte[] block) throws SpdyException {
        byte[] plain = new byte[MOST_BYTES + 1];
        int length = 0;
        inflater.setInput(block);
        try {
            while (length < plain.length) {
                int count = inflater.inflate(plain, length, plain.length - length);
                length += count;
                if (count > 0) {
                    continue;
                }
                if (!inflater.needsDictionary()) {
                    break;
                }
                inflater.setDictionary(HeaderDictionary.bytes());
            }
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new SpdyException("a header block is not compressed as it must be", e);
        }
        if (length > MOST_BYTES || !inflater.needsInput()) {
            throw new SpdyException("a header block is longer than " + MOST_BYTES + " bytes");
        }
        return java.util.Arrays.copyOf(plain, length);
    }

    private static Map<String, String> parse(ByteBuffer block) throws SpdyException {
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            int count = block.getInt();
            if (count < 0 || count > MOST_HEADERS) {
                throw new SpdyException("a header block has more than " + MOST_HEADERS);
            }
            for (int i = 0; i < count; i++) {
                String name = text(block).toLowerCase(Locale.ROOT);
                String value = text(block);
                // Several values of one name have a NUL between them: the first counts.
                int end = value.indexOf('\0');
                headers.putIfAbsent(name, end < 0 ? value : value.substring(0, end));
            }
        } catch (BufferUnderflowException e) {
            throw new SpdyException("a header block ends within a header", e);
        }
        return headers;
    }

    private static String text(ByteBuffer block) throws SpdyException {
        int length = block.getInt();
        if (length < 0 || length > block.remaining()) {
            throw new SpdyException("a header is longer than its block");
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
