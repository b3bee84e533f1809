package io.hypernetes.isolation;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLSocket;

/**
 * HTTP/2 written by hand (RFC 9113), one request a connection: header fields in any order, number
 * and form, which no client library would send.
 */
record Http2Wire(Wire wire) {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final Pattern CODE = Pattern.compile("\"code\":(\\d{3})");

    /** The body of the answer, and of a refusal the code that its Status names; 0 for a reset. */
    Answer send(List<Map.Entry<String, String>> fields) {
        try (SSLSocket socket = wire.connect("h2")) {
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            frame(out, HEADERS, END_STREAM_AND_HEADERS, 1, block(fields));
            out.flush();
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(DataInputStream in) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean answered = false;
        try {
            while (true) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                in.readInt();
                byte[] payload = in.readNBytes(length);
                answered |= type == HEADERS;
                if (type == DATA) {
                    body.writeBytes(payload);
                }
                boolean ended = (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
                if (ended || type == RST_STREAM || type == GOAWAY) {
                    break;
                }
            }
        } catch (IOException _) {
            // closed: what came is the answer
        }
        String text = body.toString(StandardCharsets.ISO_8859_1);
        Matcher code = CODE.matcher(text);
        int status = !answered ? 0 : code.find() ? Integer.parseInt(code.group(1)) : 200;
        return new Answer(status, text);
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.write(
                new byte[] {
                    (byte) (payload.length >> 16),
                    (byte) (payload.length >> 8),
                    (byte) payload.length,
                    (byte) type,
                    (byte) flags,
                    0,
                    0,
                    0,
                    (byte) stream
                });
        out.write(payload);
    }

    /** Each field as a literal that is not remembered (RFC 7541, section 6.2.2). */
    private static byte[] block(List<Map.Entry<String, String>> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields) {
            block.write(0);
            text(block, field.getKey());
            text(block, field.getValue());
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write((rest & 127) | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }
}
