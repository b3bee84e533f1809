package io.hypernetes.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;

/** Bodies that are too long, or that come too slowly. */
class BodiesTest {
    private static final int LIMIT = HttpLimits.DEFAULT.bodyBytes();
    private static final HttpLimits HASTY =
            new HttpLimits(LIMIT, Duration.ofMillis(5), 1000, Duration.ofMinutes(1), 1, 1, 1);

    /** One byte at a time, for ever. */
    private static final InputStream DRIP =
            new InputStream() {
                @Override
                public int read() {
                    return 'x';
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    into[from] = 'x';
                    return 1;
                }
            };

    @Test
    void aBodyThatDripsIsNotWaitedForEndlessly() {
        assertThatThrownBy(() -> Bodies.read(DRIP, "", -1, HASTY))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(Reason.TIMEOUT)).isTrue());
    }

    @Test
    void theLimitIsExact() {
        byte[] most = new byte[LIMIT];
        assertThat(Bodies.read(new ByteArrayInputStream(most), "", -1, HttpLimits.DEFAULT))
                .isEqualTo(most);
        byte[] more = new byte[LIMIT + 1];
        assertThatThrownBy(() ->
                        Bodies.read(new ByteArrayInputStream(more), "", -1, HttpLimits.DEFAULT))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().code()).isEqualTo(413));
    }
}
