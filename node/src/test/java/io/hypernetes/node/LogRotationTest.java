package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

class LogRotationTest {

    private static final LogRotation.Limits LIMITS = new LogRotation.Limits(100, 4);

    @TempDir private Path folder = Path.of("");
    private Path container = Path.of("");
    private final List<Path> reopened = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T00:00:00Z");

    @BeforeEach
    void make() throws IOException {
        container = Files.createDirectories(folder.resolve("acme_web_a_u/main"));
    }

    private void pass(LogRotation.Reopener reopener) {
        try (LogRotation rotation =
                new LogRotation(folder, LIMITS, reopener, Clock.fixed(now, ZoneOffset.UTC))) {
            rotation.pass();
        }
        now = now.plusSeconds(10);
    }

    private boolean reopen(Path log) {
        reopened.add(log);
        return true;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(container.resolve(name), text);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(container)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aSmallFileStays() throws IOException {
        write("0.log", "x".repeat(99));
        pass(this::reopen);
        assertThat(names()).containsExactly("0.log");
        assertThat(reopened).isEmpty();
    }

    @Test
    void thereAreNeverMoreFilesThanAllowedAndOldOnesAreCompressed() throws IOException {
        for (int i = 0; i < 6; i++) {
            write("0.log", i + "x".repeat(100));
            pass(this::reopen);
        }
        write("0.log", "new");
        assertThat(names())
                .containsExactly(
                        "0.log",
                        "0.log.20260102-000030.gz",
                        "0.log.20260102-000040.gz",
                        "0.log.20260102-000050");
        try (InputStream in =
                new GZIPInputStream(
                        Files.newInputStream(container.resolve("0.log.20260102-000030.gz")))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("3" + "x".repeat(100));
        }
        assertThat(reopened).hasSize(6).containsOnly(container.resolve("0.log"));
    }

    @Test
    void aRuntimeThatDoesNotAnswerLeavesTheFileAsItWas() throws IOException {
        write("0.log", "x".repeat(200));
        pass(_ -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        });
        assertThat(names()).containsExactly("0.log");
    }

    @Test
    void theLogOfAContainerThatHasEndedStaysWhereItIs() throws IOException {
        write("0.log", "x".repeat(200));
        pass(_ -> false);
        assertThat(names()).containsExactly("0.log");
    }

    @Test
    void onlyTheLastTwoRunsAreKept() throws IOException {
        write("8.log", "a");
        write("9.log", "b");
        write("9.log.20260101-000000", "b");
        write("10.log", "c");
        pass(this::reopen);
        assertThat(names()).containsExactly("10.log", "9.log", "9.log.20260101-000000");
    }
}
