package io.hypernetes.server.http;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads request bodies, never more than the limit, whatever the client announces. */
public final class Bodies {
    /** Bytes of the largest body, as upstream's default. */
    public static final int LIMIT = 3 * 1024 * 1024;

    private static final int BUFFER = 16 * 1024;

    /** Within which a body must have come, as upstream bounds a request. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Bodies() {}

    /** The whole body. Throws RequestEntityTooLarge (413), BadRequest when it breaks off. */
    public static byte[] read(Exchange exchange) {
        if (exchange.announcedLength() > LIMIT) {
            throw tooLarge();
        }
        try (InputStream in = decoded(exchange)) {
            return read(in, PATIENCE);
        } catch (IOException e) {
            throw ApiException.badRequest("unable to read the body: " + e.getMessage());
        }
    }

    /** A client that sends a little now and then holds a seat no longer than that. */
    static byte[] read(InputStream in, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            body.write(buffer, 0, read);
            if (body.size() > LIMIT) {
                throw tooLarge();
            }
            if (System.nanoTime() - end > 0) {
                throw ApiException.of(
                        Reason.TIMEOUT,
                        "Timeout: request did not complete within the allotted timeout");
            }
        }
        return body.toByteArray();
    }

    private static InputStream decoded(Exchange exchange) throws IOException {
        String encoding = exchange.header("Content-Encoding").orElse("identity");
        return switch (encoding) {
            case "identity", "" -> exchange.body();
            case "gzip" -> {
                try {
                    yield new GZIPInputStream(exchange.body());
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

    private static ApiException tooLarge() {
        return ApiException.of(
                Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: limit is " + LIMIT);
    }
}
