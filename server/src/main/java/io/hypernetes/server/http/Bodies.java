package io.hypernetes.server.http;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads request bodies, never more than the limit, whatever the client announces. */
public final class Bodies {
    private static final int BUFFER = 16 * 1024;

    private Bodies() {}

    /**
     * The whole body. Throws RequestEntityTooLarge (413), Timeout (504), BadRequest when it breaks
     * off.
     */
    public static byte[] read(Exchange exchange) {
        HttpLimits limits = exchange.limits();
        if (exchange.announcedLength() > limits.bodyBytes()) {
            throw tooLarge(limits);
        }
        String encoding = exchange.header("Content-Encoding").orElse("identity");
        byte[] body = read(exchange.body(), encoding, exchange.announcedLength(), limits);
        if (exchange.announcedLength() < body.length) {
            Pace.received(body.length); // or it was compressed
        }
        return body;
    }

    /**
     * @param announced how long it is said to be, -1 for unknown
     */
    static byte[] read(InputStream body, String encoding, long announced, HttpLimits limits) {
        try (InputStream in = decoded(body, encoding)) {
            return read(in, announced, limits);
        } catch (IOException e) {
            throw ApiException.badRequest("unable to read the body: " + e.getMessage());
        }
    }

    private static byte[] read(InputStream in, long announced, HttpLimits limits)
            throws IOException {
        long end = System.nanoTime() + limits.bodyTime().toNanos();
        byte[] body = new byte[expected(announced, limits)];
        int length = 0;
        while (true) {
            if (length == body.length) {
                int next = in.read();
                if (next < 0) {
                    return body;
                }
                body = Arrays.copyOf(body, Math.max(BUFFER, 2 * length));
                body[length++] = (byte) next;
            }
            int read = in.read(body, length, body.length - length);
            if (read < 0) {
                return Arrays.copyOf(body, length);
            }
            length += read;
            if (length > limits.bodyBytes()) {
                throw tooLarge(limits);
            }
            if (System.nanoTime() - end > 0) {
                throw ApiException.of(
                        Reason.TIMEOUT,
                        "Timeout: request did not complete within the allotted timeout");
            }
        }
    }

    /** A large body is the only copy of it; how many there may be is bounded beforehand. */
    private static int expected(long announced, HttpLimits limits) {
        return (int) Math.min(announced < 0 ? BUFFER : announced, limits.bodyBytes());
    }

    private static InputStream decoded(InputStream body, String encoding) throws IOException {
        return switch (encoding) {
            case "identity", "" -> body;
            case "gzip" -> {
                try {
                    yield new GZIPInputStream(body);
                } catch (ZipException e) {
                    throw ApiException.badRequest("the body is not gzip as its header says");
                }
            }
            default ->
                    throw ApiException.of(
                            Reason.UNSUPPORTED_MEDIA_TYPE,
                            "the body's Content-Encoding \""
                                    + encoding
                                    + "\" is not supported: use gzip or none");
        };
    }

    private static ApiException tooLarge(HttpLimits limits) {
        return ApiException.of(
                Reason.REQUEST_ENTITY_TOO_LARGE,
                "Request entity too large: limit is " + limits.bodyBytes());
    }
}
