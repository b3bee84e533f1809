package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class PiecesTest {
    private final Random random = new Random(1);

    @Test
    void nothingIsLostAndOnlyTheLastIsCalledSo() throws Exception {
        for (int length : List.of(0, 1, 1_000, Pieces.LENGTH, Pieces.LENGTH + 1, 1_000_000)) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            List<Boolean> ends = new ArrayList<>();
            byte[] whole = new byte[length];
            random.nextBytes(whole);
            Pieces.write(
                    cut(whole),
                    length,
                    (last, bytes) -> {
                        ends.add(last);
                        sent.write(bytes.array(), 0, bytes.remaining());
                    });
            assertThat(sent.toByteArray()).isEqualTo(whole);
            assertThat(ends).hasSize(Math.max(1, (length + Pieces.LENGTH - 1) / Pieces.LENGTH));
            assertThat(ends.indexOf(true)).isEqualTo(ends.size() - 1);
        }
    }

    /** A write that was given up may still read from it. */
    @Test
    void aBufferIsNotUsedAgainAfterAFailure() throws Exception {
        List<byte[]> chunks = List.of(new byte[Pieces.LENGTH]);
        List<ByteBuffer> failed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() ->
                            Pieces.write(
                                    chunks,
                                    Pieces.LENGTH,
                                    (_, bytes) -> {
                                        failed.add(bytes);
                                        throw new IOException("the client took nothing");
                                    }));
        }
        List<ByteBuffer> used = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pieces.write(chunks, Pieces.LENGTH, (_, bytes) -> used.add(bytes));
        }
        assertThat(used).noneMatch(bytes -> failed.stream().anyMatch(other -> other == bytes));
    }

    private List<byte[]> cut(byte[] whole) {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < whole.length; ) {
            byte[] chunk = new byte[Math.min(1 + random.nextInt(300_000), whole.length - from)];
            System.arraycopy(whole, from, chunk, 0, chunk.length);
            chunks.add(chunk);
            from += chunk.length;
        }
        return chunks;
    }
}
