package io.hypernetes.server.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request to be sent.
 *
 * @param target path and query, percent-encoded as it is to be sent; begins with a slash
 * @param headers without Content-Length, Transfer-Encoding and Connection, which are written here
 * @param body closed by nobody here
 * @param length bytes of the body; -1 when it is not known: then it is sent in chunks
 * @param upgrade the protocol to change to, empty for none
 */
public record Outgoing(
        String method,
        String target,
        List<Map.Entry<String, String>> headers,
        InputStream body,
        long length,
        String upgrade) {
    private static final byte[] END_OF_LINE = {'\r', '\n'};
    private static final int BUFFER = 32 * 1024;

    public static Outgoing of(
            String method, String target, List<Map.Entry<String, String>> headers, byte[] body) {
        return new Outgoing(
                method, target, headers, new java.io.ByteArrayInputStream(body), body.length, "");
    }

    void write(OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(oneLine(method)).append(' ').append(oneLine(target)).append(" HTTP/1.1\r\n");
        for (Map.Entry<String, String> header : headers) {
            line(head, header.getKey(), header.getValue());
        }
        if (upgrade.isEmpty()) {
            line(head, "Connection", "close");
        } else {
            line(head, "Connection", "Upgrade");
            line(head, "Upgrade", upgrade);
        }
        if (length < 0) {
            line(head, "Transfer-Encoding", "chunked");
        } else if (length > 0 || method.equals("POST") || method.equals("PUT")) {
            line(head, "Content-Length", Long.toString(length));
        }
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        sendBody(out);
    }

    private void sendBody(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = length < 0 ? Long.MAX_VALUE : length;
        while (left > 0) {
            int read = body.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                break;
            }
            left -= read;
            if (length < 0 && read > 0) {
                out.write((Integer.toHexString(read) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(buffer, 0, read);
                out.write(END_OF_LINE);
            } else {
                out.write(buffer, 0, read);
            }
            out.flush();
        }
        if (length < 0) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } else if (left > 0) {
            throw new IOException("the body ended " + left + " bytes too early");
        }
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(oneLine(name)).append(": ").append(oneLine(value)).append("\r\n");
    }

    /** A line break in it would begin another header, or another request. */
    private static String oneLine(String text) {
        if (text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new IllegalArgumentException("a control character in a request's head");
        }
        return text;
    }
}
