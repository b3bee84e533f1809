package io.hypernetes.isolation;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
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
    private static final int PING = 6;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final Pattern CODE = Pattern.compile("\"code\":(\\d{3})");

    /** The body of the answer, and of a refusal the code that its Status names; 0 for a reset. */
    Answer send(List<Map.Entry<String, String>> fields) {
        try (SSLSocket socket = wire.connect("h2")) {
            OutputStream out = socket.getOutputStream();
            begin(out);
            frame(out, HEADERS, END_STREAM_AND_HEADERS, 1, block(fields));
            out.flush();
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Frames that go on for ever. */
    enum Flood {
        /** Requests that are taken back at once (CVE-2023-44487). */
        RESETS {
            @Override
            void write(OutputStream out, byte[] block, int number) throws IOException {
                int stream = 2 * number + 1;
                frame(out, HEADERS, END_STREAM_AND_HEADERS, stream, block);
                frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
            }
        },
        /** Headers that never end (CERT VU#421644). */
        CONTINUATIONS {
            @Override
            void write(OutputStream out, byte[] block, int number) throws IOException {
                frame(out, number == 0 ? HEADERS : CONTINUATION, 0, 1, block);
            }
        },
        PINGS {
            @Override
            void write(OutputStream out, byte[] block, int number) throws IOException {
                frame(out, PING, 0, 0, new byte[8]);
            }
        };

        abstract void write(OutputStream out, byte[] block, int number) throws IOException;
    }

    /** Whether the server hangs up on who writes so many frames. */
    boolean isEnded(Flood flood, List<Map.Entry<String, String>> fields, int frames) {
        byte[] block = block(fields);
        try (SSLSocket socket = wire.connect("h2")) {
            BufferedOutputStream out = new BufferedOutputStream(socket.getOutputStream());
            begin(out);
            for (int number = 0; number < frames; number++) {
                flood.write(out, block, number);
            }
            out.flush();
            byte[] answers = new byte[8192];
            int read = 0;
            while (read >= 0) { // what was written may lie in buffers, and the end come later
                read = socket.getInputStream().read(answers);
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static void begin(OutputStream out) throws IOException {
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(out, SETTINGS, 0, 0, new byte[0]);
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
                    (byte) (stream >> 24),
                    (byte) (stream >> 16),
                    (byte) (stream >> 8),
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
