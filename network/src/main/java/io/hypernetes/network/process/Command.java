package io.hypernetes.network.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end.
 *
 * @param words program and arguments
 * @param environment added to ours
 * @param timeout after which it is killed
 */
public record Command(List<String> words, Map<String, String> environment, Duration timeout) {

    /** Where Debian keeps the programs of an administrator, whatever our own PATH is. */
    private static final List<String> PATH = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    public static Command of(String... words) {
        return new Command(List.of(words), Map.of(), USUAL_TIMEOUT);
    }

    /** Whether there is a program of this name. */
    public static boolean isInstalled(String program) {
        return PATH.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /**
     * Runs it and returns what it wrote.
     *
     * @throws IOException with the output, when it fails
     */
    public String run() throws IOException {
        Path output = Files.createTempFile("hypernetes", ".out");
        try {
            int status = runInto(output);
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (status != 0) {
                throw new IOException(this + " failed: " + text);
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /**
     * Runs it, with all output at the end of a file: a pipe would never end when the program leaves
     * a daemon behind.
     *
     * @return the exit status
     */
    int runInto(Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("PATH", String.join(":", PATH));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(this + " did not end within " + timeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(this + " was interrupted", e);
        }
        return process.exitValue();
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
