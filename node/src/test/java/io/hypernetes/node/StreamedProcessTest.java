package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class StreamedProcessTest {

    @Test
    void theStatusTellsTheExitCode() throws IOException {
        assertThat(StreamedProcess.exitCode("{\"metadata\":{},\"status\":\"Success\"}")).isZero();
        assertThat(
                        StreamedProcess.exitCode(
                                """
                                {"status":"Failure","reason":"NonZeroExitCode",
                                 "details":{"causes":[{"reason":"ExitCode","message":"7"}]}}
                                """))
                .isEqualTo(7);
        assertThatThrownBy(() ->
                        StreamedProcess.exitCode(
                                "{\"status\":\"Failure\",\"message\":\"no such program\"}"))
                .isInstanceOf(IOException.class)
                .hasMessage("no such program");
        for (String broken : new String[] {"", "{", "[]"}) {
            assertThatThrownBy(() -> StreamedProcess.exitCode(broken))
                    .isInstanceOf(IOException.class);
        }
    }
}
