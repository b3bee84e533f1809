package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.cli.Main;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs our program and kubectl as processes, as somebody at a terminal does.
 *
 * @param directory for what they write
 */
record Commands(Path directory) {

    /** How a process ended, and what it wrote. */
    record Run(int exit, String output) {}

    /** What starts our program, for somebody else's use. */
    static List<String> program(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Our program, to its end. */
    Run ours(Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        return run(environment, input, program(arguments));
    }

    /** kubectl, to its end. */
    Run kubectl(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.add("--kubeconfig=" + config);
        command.add("--cache-dir=" + directory.resolve("cache"));
        command.addAll(List.of(arguments));
        return run(Map.of(), input, command);
    }

    Run run(Map<String, String> environment, String input, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", "");
        Process process = start(environment, output, command);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(output));
    }

    /** One that goes on; the caller ends it. */
    static Process start(Map<String, String> environment, Path output, List<String> command)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
