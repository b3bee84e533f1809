package io.hypernetes.server.http;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.PrettyJson;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole answer. Its body is the chunks one after the other, so that a list of a thousand objects
 * is written without being copied together first.
 *
 * @param contentType empty when there is no body
 * @param headers beside Content-Type and Content-Length
 */
public record Reply(
        int status, String contentType, Map<String, List<String>> headers, List<byte[]> chunks) {
    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, Map.of(), List.of(body));
    }

    public static Reply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public Reply with(String header, List<String> values) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        more.put(header, values);
        return new Reply(status, contentType, more, chunks);
    }

    public Reply with(String header, String value) {
        return with(header, List.of(value));
    }

    public Reply withChunks(List<byte[]> body) {
        return new Reply(status, contentType, headers, body);
    }

    /** The same JSON for people. */
    public Reply pretty() {
        if (length() == 0) {
            return this;
        }
        ByteArrayOutputStream together = new ByteArrayOutputStream(Math.toIntExact(length()));
        chunks.forEach(together::writeBytes);
        return withChunks(List.of(PrettyJson.write(Json.parse(together.toByteArray()))));
    }

    /** Bytes of the body. */
    public long length() {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }
}
