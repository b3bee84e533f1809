package io.hypernetes.server.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer, its body still on the line.
 *
 * @param headers in their order, names in lower case
 * @param body ends where the answer's body ends; what follows an upgrade (101) is the new
 *     protocol's
 */
public record Incoming(
        int status, String reason, List<Map.Entry<String, String>> headers, InputStream body) {
    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final int MOST_INTERIM = 16;

    /** The first of that name (lower case). */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * Reads the head of the answer to a request. Interim answers (1xx but 101) are passed over.
     * Throws IOException for what is no HTTP/1 or has no bounds.
     */
    static Incoming read(InputStream in, String method) throws IOException {
        for (int i = 0; i < MOST_INTERIM; i++) {
            Incoming answer = readHead(in);
            if (answer.status == 101 || answer.status >= 200) {
                return answer.withBody(in, method);
            }
        }
        throw new IOException("the answer does not get beyond interim ones");
    }

    private static Incoming readHead(InputStream in) throws IOException {
        HeadReader lines = new HeadReader(in, MOST_HEAD_BYTES);
        String first = lines.next();
        // "HTTP/1.1 200 OK", the last part may be missing (RFC 9112, section 4)
        if (!first.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
            throw new IOException("the answer is no HTTP/1");
        }
        int status = Integer.parseInt(first.substring(9, 12));
        String reason = first.length() > 13 ? first.substring(13) : "";
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw new IOException("the answer has a header that is none");
            }
            headers.add(
                    Map.entry(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip()));
        }
        return new Incoming(status, reason, List.copyOf(headers), InputStream.nullInputStream());
    }

    /** RFC 9112, section 6.3: where a body ends. */
    private Incoming withBody(InputStream in, String method) throws IOException {
        if (status == 101) {
            return new Incoming(status, reason, headers, in);
        }
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return this;
        }
        Optional<String> coding = header("transfer-encoding");
        if (coding.isPresent()) {
            if (!coding.get().equalsIgnoreCase("chunked")) {
                throw new IOException("the answer's transfer coding is not known");
            }
            return new Incoming(status, reason, headers, BodyStream.chunked(in));
        }
        List<String> lengths =
                headers.stream()
                        .filter(header -> header.getKey().equals("content-length"))
                        .flatMap(header -> Arrays.stream(header.getValue().split(",", -1)))
                        .map(String::strip)
                        .distinct()
                        .toList();
        if (lengths.isEmpty()) {
            return new Incoming(status, reason, headers, in);
        }
        if (lengths.size() > 1 || !lengths.getFirst().matches("[0-9]{1,18}")) {
            throw new IOException("the answer's length is no number");
        }
        long length = Long.parseLong(lengths.getFirst());
        return new Incoming(status, reason, headers, BodyStream.ofLength(in, length));
    }

    /** Lines up to their line feed, bounded together. */
    static final class HeadReader {
        private final InputStream in;
        private int left;

        HeadReader(InputStream in, int most) {
            this.in = in;
            this.left = most;
        }

        String next() throws IOException {
            java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream(64);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new java.io.EOFException("the connection ended within the answer");
                }
                if (--left < 0) {
                    throw new IOException("the head of the answer is too long");
                }
                line.write(c);
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
    }
}
