package io.hypernetes.server.http;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
        return read(exchange.body(), encoding, limits);
    }

    static byte[] read(InputStream body, String encoding, HttpLimits limits) {
        try (InputStream in = decoded(body, encoding)) {
            return read(in, limits);
        } catch (IOException e) {
            throw ApiException.badRequest("unable to read the body: " + e.getMessage());
        }
    }

    private static byte[] read(InputStream in, HttpLimits limits) throws IOException {
        long end = System.nanoTime() + limits.bodyTime().toNanos();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            body.write(buffer, 0, read);
            if (body.size() > limits.bodyBytes()) {
                throw tooLarge(limits);
            }
            if (System.nanoTime() - end > 0) {
                throw ApiException.of(
                        Reason.TIMEOUT,
                        "Timeout: request did not complete within the allotted timeout");
            }
        }
        return body.toByteArray();
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
