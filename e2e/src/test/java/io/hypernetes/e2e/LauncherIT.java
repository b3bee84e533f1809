package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/** What the launcher does itself: it tells what there is to measure, and how the tests went. */
class LauncherIT {

    private static final String SUITE =
            """
            <testsuite name='io.WellIT'>
              <testcase name="works" classname="io.WellIT"/>
              %s
            </testsuite>
            """;

    private static final String FAILED =
            "<testcase name='never' classname='io.WellIT'>"
                    + "<error type='java.io.IOException'>all is broken\nat io.WellIT</error>"
                    + "</testcase>";

    /** Of the compiled program. */
    @TempDir private static Path classes;

    @TempDir private Path root;

    @BeforeAll
    static void compile() {
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        classes.toString(),
                        Cloud.root().resolve("build/TestReport.java").toString());
    }

    @BeforeEach
    void begin() throws IOException {
        Path target = Files.createDirectories(root.resolve("target"));
        Files.writeString(target.resolve("tests-began"), "");
    }

    private static Outcome hypernetes(String... words) {
        List<String> command = new ArrayList<>(List.of(Cloud.root() + "/hypernetes"));
        command.addAll(Arrays.asList(words));
        return Cloud.run(command, Map.of(), "");
    }

    @Test
    void benchTellsWhatThereIsToMeasure() {
        for (String[] words :
                new String[][] {{"--help"}, {"-h"}, {"help"}, {"scheduler", "--help"}}) {
            List<String> line = new ArrayList<>(List.of("bench"));
            line.addAll(Arrays.asList(words));
            assertThat(hypernetes(line.toArray(String[]::new)).succeeded().output())
                    .contains("Usage: hypernetes bench", "scheduler [PODS]", "docs/performance.md");
        }
        Outcome wrong = hypernetes("bench", "kitchen");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.output()).contains("there is no 'kitchen'", "scheduler [PODS]");
        assertThat(hypernetes("bench", "--kitchen").exit()).isEqualTo(2);
    }

    @Test
    void testTellsWhatItTakes() {
        assertThat(hypernetes("test", "--help").succeeded().output())
                .contains("Usage: hypernetes test", "-Dlong=true");
        Outcome wrong = hypernetes("test", "e2e");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.output()).contains("there is no 'e2e'", "-pl e2e -am");
    }

    /** What {@code hypernetes test} says at its end of a module's reports. */
    private Outcome report(String more, String... words) throws IOException {
        Path reports = Files.createDirectories(root.resolve("module/target/failsafe-reports"));
        Files.writeString(reports.resolve("TEST-io.WellIT.xml"), SUITE.formatted(more));
        return told(words);
    }

    private Outcome told(String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classes.toString(),
                                "TestReport",
                                root.toString()));
        command.addAll(Arrays.asList(words));
        return Cloud.run(command, Map.of(), "");
    }

    @Test
    void aFailedASkippedAndABrokenTestAreRed() throws IOException {
        assertThat(report(FAILED).failed().output())
                .contains("2 tests: 1 failed")
                .contains("FAILED:\n  io.WellIT#never: all is broken\n");
        assertThat(told("again").succeeded().text()).isEqualTo("module io.WellIT");
        String skipped = "<testcase name='not' classname='io.WellIT'><skipped/></testcase>";
        assertThat(report(skipped).failed().output()).contains("1 skipped", "  io.WellIT#not");
        assertThat(told("again").failed().text()).isEmpty();
        report("").succeeded();
        assertThat(told("again").failed().text()).isEmpty();

        Path unformatted = Files.writeString(root.resolve("target/unformatted"), "");
        assertThat(told().failed().output()).contains("BROKEN: files are not formatted");
        Files.delete(unformatted);
        Files.writeString(
                root.resolve("module/target/failsafe-reports/failsafe-summary.xml"),
                "<failsafe-summary timeout='false'><failureMessage>The fork died"
                        + "</failureMessage></failsafe-summary>");
        assertThat(told().failed().output()).contains("module did not come to an end: The fork");
        report(FAILED).failed();
        assertThat(told("again").failed().text()).isEmpty();
    }

    /** Classes are run again as a whole, and what they said first is kept. */
    @Test
    void whatIsBetterTheSecondTimeIsAFlake() throws IOException {
        Path first = Files.createDirectories(root.resolve("module/target/first-time"));
        Files.writeString(first.resolve("TEST-io.WellIT.xml"), SUITE.formatted(FAILED));
        String passed = "<testcase name='never' classname='io.WellIT'/>";
        assertThat(report(passed).succeeded().output())
                .contains("1 passed only the second time")
                .contains("  io.WellIT#never: all is broken");
        assertThat(report(FAILED).failed().output()).contains("1 failed");

        String wholeClass = FAILED.replace("never", "initializationError");
        Files.writeString(first.resolve("TEST-io.WellIT.xml"), SUITE.formatted(wholeClass));
        assertThat(report("").succeeded().output()).contains("1 passed only the second time");
        assertThat(report(wholeClass).failed().output()).contains("1 failed");
    }
}
