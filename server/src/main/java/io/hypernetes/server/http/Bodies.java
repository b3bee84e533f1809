package io.hypernetes.server.http;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads request bodies, never more than the limit, whatever the client announces. */
public final class Bodies {
    /** Bytes of the largest body, as upstream's default. */
    public static final int LIMIT = 3 * 1024 * 1024;

    private Bodies() {}

    /** The whole body. Throws RequestEntityTooLarge (413), BadRequest when it breaks off. */
    public static byte[] read(Exchange exchange) {
        if (exchange.announcedLength() > LIMIT) {
            throw tooLarge();
        }
        try (InputStream in = decoded(exchange)) {
            byte[] body = in.readNBytes(LIMIT + 1);
            if (body.length > LIMIT) {
                throw tooLarge();
            }
            return body;
        } catch (IOException e) {
            throw ApiException.badRequest("unable to read the body: " + e.getMessage());
        }
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
