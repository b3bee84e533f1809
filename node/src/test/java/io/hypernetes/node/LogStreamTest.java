package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.api.client.PodAccess.LogSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

class LogStreamTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:10Z");

    @TempDir private Path folder = Path.of("");
    private Path log = Path.of("");

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("0.log");
        Files.writeString(
                log,
                """
                2026-01-02T00:00:01.000000001Z stdout F first
                2026-01-02T00:00:02.000000000Z stderr F second
                2026-01-02T00:00:03.000000000Z stdout P a long
                2026-01-02T00:00:04.000000000Z stdout F  third
                """);
    }

    @Test
    void showsLinesWithoutTheirHeadsAndJoinsPartialOnes() throws IOException {
        assertThat(read(options(false, OptionalLong.empty(), OptionalLong.empty())))
                .isEqualTo("first\nsecond\na long third\n");
    }

    @Test
    void aTailCountsLinesNotRecords() throws IOException {
        assertThat(read(options(false, OptionalLong.of(1), OptionalLong.empty())))
                .isEqualTo("a long third\n");
        assertThat(read(options(false, OptionalLong.of(2), OptionalLong.empty())))
                .isEqualTo("second\na long third\n");
        assertThat(read(options(false, OptionalLong.of(0), OptionalLong.empty()))).isEmpty();
        assertThat(read(options(false, OptionalLong.of(99), OptionalLong.empty())))
                .startsWith("first");
    }

    /** In the middle of a line, and at the end of one; a follower ends there, too. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLimitEndsItAnywhere() throws IOException {
        for (boolean follow : new boolean[] {false, true}) {
            assertThat(read(limited(follow, 1))).isEqualTo("f");
            assertThat(read(limited(follow, 6))).isEqualTo("first\n");
            assertThat(read(limited(follow, 8))).isEqualTo("first\nse");
        }
        assertThat(read(limited(false, 1000))).isEqualTo("first\nsecond\na long third\n");
    }

    private static LogOptions limited(boolean follow, long bytes) {
        return new LogOptions(
                "",
                follow,
                false,
                false,
                OptionalLong.empty(),
                OptionalLong.of(bytes),
                OptionalLong.empty(),
                "",
                LogSource.ALL);
    }

    @Test
    void timestampsStandAtTheBeginningOfLines() throws IOException {
        LogOptions options =
                new LogOptions(
                        "",
                        false,
                        false,
                        true,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        "",
                        LogSource.ALL);
        assertThat(read(options))
                .startsWith("2026-01-02T00:00:01.000000001Z first\n")
                .endsWith("2026-01-02T00:00:03.000000000Z a long third\n");
    }

    @Test
    void sinceLeavesOutWhatIsOlder() throws IOException {
        assertThat(read(options(false, OptionalLong.empty(), OptionalLong.of(8))))
                .isEqualTo("second\na long third\n");
    }

    @Test
    void oneSourceLeavesOutTheOther() throws IOException {
        append("2026-01-02T00:00:05.000000000Z stdout P be");
        append("gun\n2026-01-02T00:00:05.000000000Z stderr F between\n");
        append("2026-01-02T00:00:05.000000000Z stdout F  and ended\n");
        assertThat(read(from(LogSource.STDERR))).isEqualTo("second\nbetween\n");
        assertThat(read(from(LogSource.STDOUT)))
                .isEqualTo("first\na long third\nbegun and ended\n");
    }

    @Test
    void followingShowsWhatIsWrittenLaterAndEndsWithTheContainer() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (LogStream stream =
                new LogStream(
                        log,
                        options(true, OptionalLong.of(0), OptionalLong.empty()),
                        NOW,
                        ended::get)) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                append("2026-01-02T00:00:05Z stdout F late\n");
                                ended.set(true);
                            });
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("late\n");
            writer.join();
        }
    }

    @Test
    void followingGoesOnInTheFileThatTakesItsPlace() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (LogStream stream =
                new LogStream(
                        log,
                        options(true, OptionalLong.of(1), OptionalLong.empty()),
                        NOW,
                        ended::get)) {
            assertThat(new String(stream.readNBytes(13), StandardCharsets.UTF_8))
                    .isEqualTo("a long third\n");
            append("2026-01-02T00:00:05Z stdout F before\n");
            Files.move(log, folder.resolve("0.log.20260102-000006"));
            Files.writeString(log, "2026-01-02T00:00:07Z stdout F after\n");
            assertThat(new String(stream.readNBytes(13), StandardCharsets.UTF_8))
                    .isEqualTo("before\nafter\n");
            Files.delete(log);
            Files.writeString(log, "2026-01-02T00:00:08Z stdout F again\n");
            ended.set(true);
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("again\n");
        }
    }

    @Test
    void whatIsNoRecordIsLeftOut() throws IOException {
        append("torn\n");
        assertThat(read(options(false, OptionalLong.of(1), OptionalLong.empty())))
                .doesNotContain("torn");
    }

    private void append(String text) {
        try {
            Files.writeString(log, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String read(LogOptions options) throws IOException {
        try (LogStream stream = new LogStream(log, options, NOW, () -> true)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static LogOptions from(LogSource source) {
        OptionalLong none = OptionalLong.empty();
        return new LogOptions("", false, false, false, none, none, none, "", source);
    }

    private static LogOptions options(boolean follow, OptionalLong tail, OptionalLong since) {
        return new LogOptions(
                "", follow, false, false, tail, OptionalLong.empty(), since, "", LogSource.ALL);
    }
}
