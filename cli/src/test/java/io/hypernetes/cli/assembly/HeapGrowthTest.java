package io.hypernetes.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

final class HeapGrowthTest {

    private static final long MIB = 1L << 20;

    @Test
    void aThirdMayComeToWhatLives() {
        assertThat(HeapGrowth.threshold(90 * MIB, 0, 480 * MIB)).isEqualTo(120 * MIB);
    }

    @Test
    void aSmallHeapMayGrowByAStep() {
        assertThat(HeapGrowth.threshold(10 * MIB, 0, 480 * MIB)).isEqualTo(34 * MIB);
    }

    @Test
    void nearTheLimitTheCollectorDecides() {
        assertThat(HeapGrowth.threshold(400 * MIB, 0, 480 * MIB)).isZero();
    }

    @Test
    void whoeverFillsItFastDoesNotStopEverybodyAllTheTime() {
        // 30 MiB in a second, 20 ms to clear: two seconds' worth may come until the next time.
        long growth = HeapGrowth.meanwhile(30 * MIB, 1_000_000_000, 20_000_000);
        assertThat(growth).isEqualTo(60 * MIB);
        assertThat(HeapGrowth.threshold(90 * MIB, growth, 480 * MIB)).isEqualTo(150 * MIB);
        assertThat(HeapGrowth.threshold(90 * MIB, 400 * MIB, 480 * MIB)).isEqualTo(210 * MIB);
    }

    /** Without it the old generation grows to {@code -Xmx}, which this program would reach. */
    @Test
    void whatGrewOldAndWasForgottenIsCleared() throws IOException, InterruptedException {
        Process program =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xms24m",
                                "-Xmx512m",
                                "-XX:MaxNewSize=16m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ForgetfulProgram.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).isZero();
        List<Long> sizes = said.lines().map(Long::parseLong).toList();
        assertThat(sizes).hasSize(2);
        assertThat(sizes.getFirst()).as("forgotten in all, MiB").isGreaterThan(600);
        assertThat(sizes.getLast()).as("most that was in use, MiB").isLessThan(256);
    }
}
