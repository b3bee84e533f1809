package io.hypernetes.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hypernetes.api.ApiException;
import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Compressed bodies: never more than the limit comes out, and nothing but refusals. */
class GzipFuzzTest {
    private static final int LIMIT = HttpLimits.DEFAULT.bodyBytes();

    private static byte[] read(byte[] bytes) {
        return Bodies.read(new ByteArrayInputStream(bytes), "gzip", -1, HttpLimits.DEFAULT);
    }

    private static String gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void bodies() throws IOException {
        Fuzz.of(
                        List.of(
                                gzip(
                                        "{\"kind\":\"Pod\"}"
                                                .repeat(20)
                                                .getBytes(StandardCharsets.UTF_8)),
                                gzip(new byte[200_000]),
                                gzip(new byte[0])),
                        List.of("\u001f\u008b\u0008", "\u0000", "\u00ff", "\u0004\u00ff\u00ff"))
                .refusing(e -> e instanceof ApiException)
                .shortInputs(300)
                .run(bytes -> assertThat(read(bytes).length).isLessThanOrEqualTo(LIMIT));
    }

    @Test
    void whatGrowsBeyondTheLimitIsRefused() throws IOException {
        byte[] bomb = gzip(new byte[LIMIT + 1]).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(catchThrowableOfType(ApiException.class, () -> read(bomb)).status().code())
                .isEqualTo(413);
    }
}
