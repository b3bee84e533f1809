package io.hypernetes.server.streaming.spdy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.server.http.RawConnection;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Frames and header blocks of a stranger's, and whole sessions of them. */
class SpdyFuzzTest {
    private static final List<String> WORDS =
            List.of(
                    "\u0080\u0003\u0000\u0001\u0000\u0000\u0000\n",
                    "\u0080\u0003\u0000\u0003\u0000\u0000\u0000\u0008",
                    "\u0080\u0003\u0000\u0006\u0000\u0000\u0000\u0004",
                    "\u0080\u0003\u0000\u0008",
                    "\u0080\u0003\u0000\u0009\u0000\u0000\u0000\u0008",
                    "\u0000\u0000\u0000\u0001\u0001\u0000\u0000\u0005",
                    "\u0000\u0000\u0000\u0001\u0000\u00ff\u00ff\u00ff",
                    "\u007f\u00ff\u00ff\u00ff",
                    "\u0000");

    private record Connection(InputStream input) implements RawConnection {
        @Override
        public OutputStream output() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {}
    }

    private static String session() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FrameWriter writer = new FrameWriter(bytes)) {
            writer.open(1, false, Map.of("streamtype", "stdin", "port", "80"));
            writer.data(1, false, "hello".getBytes(StandardCharsets.UTF_8), 0, 5);
            writer.ping(3);
            writer.windowUpdate(1, 100);
            writer.reset(1, 5);
            writer.goAway(1, 0);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void frames() throws IOException {
        Fuzz.of(List.of(session()), WORDS)
                .refusing(e -> e instanceof SpdyException || e instanceof EOFException)
                .run(bytes -> {
                    try (FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes))) {
                        for (Optional<Frame> frame = reader.next();
                                frame.isPresent();
                                frame = reader.next()) {
                            assertThat(frame.get().toString()).isNotEmpty();
                        }
                    }
                });
    }

    @Test
    void sessions() throws IOException {
        Fuzz.of(List.of(session()), WORDS)
                .run(bytes -> {
                    try (SpdySession session =
                            new SpdySession(new Connection(new ByteArrayInputStream(bytes)))) {
                        session.run(stream -> assertThat(stream).isNotNull());
                    }
                });
    }
}
