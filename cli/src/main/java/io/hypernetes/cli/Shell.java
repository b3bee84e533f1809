package io.hypernetes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program and takes what it prints. */
final class Shell {

    /**
     * @param exit the program's exit code
     * @param output what it printed to both streams, without trailing blank space
     */
    record Outcome(int exit, String output) {
        boolean ok() {
            return exit == 0;
        }
    }

    private Shell() {}

    /**
     * @param input given to its standard input
     */
    static Outcome run(List<String> command, Map<String, String> environment, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output.stripTrailing());
        } catch (IOException e) {
            throw new CommandException(
                    "'" + Path.of(command.getFirst()).getFileName() + "' cannot be run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }
}
