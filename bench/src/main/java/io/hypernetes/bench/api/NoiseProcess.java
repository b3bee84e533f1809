package io.hypernetes.bench.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@link Noise} as a process that gets what the server and the quiet tenant leave of the
 * processors, as if it ran on another machine. It ends with this one.
 */
final class NoiseProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    /** How much was done, and how much refused or cut off. */
    record Done(long done, long refused) {}

    NoiseProcess(Path kubeconfig) throws IOException {
        process =
                new ProcessBuilder(
                                List.of(
                                        "chrt",
                                        "--idle",
                                        "0",
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx1g",
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Noise.class.getName(),
                                        kubeconfig.toString()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    void begin(Collection<NoiseKind> kinds) throws IOException {
        tell(kinds.stream().map(Enum::name).collect(Collectors.joining(" ")));
    }

    /** Returns when all its connections are closed. */
    Done end() throws IOException {
        tell("");
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the noise has ended by itself");
        }
        String[] counts = answer.split(" ", -1);
        return new Done(Long.parseLong(counts[0]), Long.parseLong(counts[1]));
    }

    private void tell(String line) throws IOException {
        OutputStream commands = process.getOutputStream();
        commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
