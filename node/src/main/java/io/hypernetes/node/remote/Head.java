package io.hypernetes.node.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The head of an HTTP/1.1 message (RFC 9112). Only its first line matters between our two ends. */
final class Head {

    private static final int MOST_BYTES = 64 * 1024;
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Head() {}

    /** Reads up to the empty line and returns the first one. */
    static String read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < END.length) {
            int next = in.read();
            if (next < 0 || bytes.size() > MOST_BYTES) {
                throw new IOException("the head of a message does not end");
            }
            bytes.write(next);
            matched = next == END[matched] ? matched + 1 : next == END[0] ? 1 : 0;
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.indexOf("\r\n"));
    }

    static byte[] request(Request request, String host) {
        return ("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                        .formatted(request.line(), host))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A body follows until the connection ends, or, after 101, both sides' bytes. */
    static byte[] response(int code, String reason) {
        return "HTTP/1.1 %d %s\r\nConnection: close\r\n\r\n"
                .formatted(code, reason)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
