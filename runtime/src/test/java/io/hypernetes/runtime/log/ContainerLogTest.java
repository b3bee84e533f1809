package io.hypernetes.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

class ContainerLogTest {

    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.000000006Z"));
    private static final String TIME = "2026-01-02T03:04:05.000000006Z ";

    @TempDir private Path folder;

    @Test
    void linesAreRecordsAndWhatIsUnfinishedIsAPart() throws IOException {
        Path file = folder.resolve("web/0.log");
        try (ContainerLog log = new ContainerLog(file, 1 << 20, CLOCK)) {
            log.append(ContainerLog.Stream.STDOUT, "a\n\nb".getBytes(UTF_8));
            log.append(ContainerLog.Stream.STDERR, "oops\n".getBytes(UTF_8));
            log.append(ContainerLog.Stream.STDOUT, "c\n".getBytes(UTF_8));
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        TIME + "stdout F a",
                        TIME + "stdout F ",
                        TIME + "stdout P b",
                        TIME + "stderr F oops",
                        TIME + "stdout F c");
    }

    @Test
    void aMovedFileIsLeftAndANewOneMade() throws IOException {
        Path file = folder.resolve("0.log");
        try (ContainerLog log = new ContainerLog(file, 1 << 20, CLOCK)) {
            log.append(ContainerLog.Stream.STDOUT, "old\n".getBytes(UTF_8));
            Files.move(file, folder.resolve("0.log.20260102"));
            log.reopen();
            log.append(ContainerLog.Stream.STDOUT, "new\n".getBytes(UTF_8));
        }
        assertThat(Files.readAllLines(file)).containsExactly(TIME + "stdout F new");
    }

    @Test
    void aFileNeverGrowsBeyondTheLimit() throws IOException {
        Path file = folder.resolve("0.log");
        try (ContainerLog log = new ContainerLog(file, 1000, CLOCK)) {
            for (int i = 0; i < 100; i++) {
                log.append(ContainerLog.Stream.STDOUT, ("line " + i + "\n").getBytes(UTF_8));
            }
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(1000);
        assertThat(Files.readString(file)).endsWith("line 99\n");
        assertThat(Files.size(folder.resolve("0.log.1"))).isLessThanOrEqualTo(1000);
        assertThat(folder.toFile().list()).hasSize(2);
    }

    /** Reading the records as CRI says gives the very bytes, however they were cut. */
    @Property(tries = 100)
    void recordsJoinToTheBytesThatCame(
            @ForAll @Size(max = 20) List<@Size(max = 50) byte[]> chunks,
            @ForAll @IntRange(max = 3) int longLines)
            throws IOException {
        Path file = Files.createTempFile("log", "");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (ContainerLog log = new ContainerLog(file, Long.MAX_VALUE, CLOCK)) {
            for (byte[] chunk : chunks) {
                log.append(ContainerLog.Stream.STDOUT, chunk);
                expected.writeBytes(chunk);
            }
            byte[] longLine = "x".repeat(longLines * 20_000).getBytes(UTF_8);
            log.append(ContainerLog.Stream.STDOUT, longLine);
            expected.writeBytes(longLine);
        }
        byte[] records = Files.readAllBytes(file);
        Files.delete(file);
        assertThat(joined(records)).isEqualTo(expected.toByteArray());
    }

    private static byte[] joined(byte[] records) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int head = TIME.length() + "stdout ".length();
        int at = 0;
        while (at < records.length) {
            int end = at;
            while (records[end] != '\n') {
                end++;
            }
            assertThat(end - at).isLessThanOrEqualTo(head + 2 + ContainerLog.MAX_CONTENT);
            content.write(records, at + head + 2, end - at - head - 2);
            if (records[at + head] == 'F') {
                content.write('\n');
            }
            at = end + 1;
        }
        return content.toByteArray();
    }
}
