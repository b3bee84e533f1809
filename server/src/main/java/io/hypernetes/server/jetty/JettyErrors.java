package io.hypernetes.server.jetty;

import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.output.Statuses;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What Jetty itself refuses (URIs against RFC 3986, broken headers) is answered as a Status too.
 */
final class JettyErrors extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(status(code)), callback);
    }

    @Override
    public ByteBuffer badMessageError(
            int status, @Nullable String reason, HttpFields.Mutable fields) {
        fields.put(HttpHeader.CONTENT_TYPE, "application/json");
        return ByteBuffer.wrap(status(status));
    }

    /** Jetty's own words may quote the request; ours do not. */
    private static byte[] status(int code) {
        Reason fallback = code >= 500 ? Reason.INTERNAL_ERROR : Reason.BAD_REQUEST;
        Reason reason =
                Arrays.stream(Reason.values())
                        .filter(known -> known.code() == code)
                        .findFirst()
                        .orElse(fallback);
        String message =
                code >= 500
                        ? "the server cannot answer this request"
                        : "the request is not HTTP as this server accepts it: check its path and"
                                + " headers";
        return Json.write(Statuses.failure(new Status(code, reason, message, Optional.empty())));
    }
}
