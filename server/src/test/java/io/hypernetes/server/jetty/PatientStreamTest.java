package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.io.IOException;

final class PatientStreamTest {

    @Test
    void aBrokenStreamMayBeWrittenToAndClosed() {
        IOException reset = new IOException("reset");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> {
                    try (PatientStream stream =
                            new PatientStream((_, _, callback) -> callback.failed(reset), 1_000)) {
                        stream.write(1);
                    }
                })
                .withCause(reset);
    }
}
