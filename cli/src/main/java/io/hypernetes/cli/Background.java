package io.hypernetes.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Starts a command of this program in the background, and shows its steps until it is ready. */
final class Background {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(30);
    private static final int LOG_LINES = 15;

    private final Installation installation;

    /** When the launcher began, so that one clock runs from its first line to the last. */
    private final long start = System.nanoTime() - sinceLauncher();

    Background(Installation installation) {
        this.installation = installation;
    }

    private static long sinceLauncher() {
        String epochNanos = System.getenv("HYPERNETES_START");
        if (epochNanos == null || !epochNanos.matches("\\d{1,18}|[1-8]\\d{18}")) {
            return 0;
        }
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * 1_000_000_000 + now.getNano();
        return Math.max(0, nanos - Long.parseLong(epochNanos));
    }

    Optional<ProcessHandle> running() {
        return new ServerProcess(installation).running();
    }

    /**
     * Returns when what runs there is ready; starts it first unless it does.
     *
     * @param words of the command, without the options that say where it runs
     */
    void start(List<String> words) throws IOException, InterruptedException {
        Path progress = installation.runFolder().resolve("progress");
        Optional<ProcessHandle> server = running();
        if (server.isPresent()) {
            say("already running, pid " + server.get().pid());
        } else {
            new Progress(progress, false).begin();
            server = Optional.of(spawn(words));
        }
        follow(progress, server.get());
    }

    /** A session of its own, so that it survives this terminal. */
    private ProcessHandle spawn(List<String> words) throws IOException {
        Files.createDirectories(installation.logFile().getParent());
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        command.addAll(List.of("--background", "--data", installation.data().toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(new java.io.File("/dev/null"))
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(installation.logFile().toFile()))
                        .redirectErrorStream(true)
                        .directory(new java.io.File("/"))
                        .start();
        return process.toHandle();
    }

    /** Shows the steps until the server says that it is ready. */
    private void follow(Path progress, ProcessHandle server)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int shown = 0;
        while (true) {
            boolean alive = server.isAlive();
            List<String> lines = Files.exists(progress) ? Files.readAllLines(progress) : List.of();
            for (; shown < lines.size(); shown++) {
                String line = lines.get(shown);
                String text = line.substring(Math.min(2, line.length()));
                if (line.startsWith("!")) {
                    throw new CommandException(text);
                }
                say(text);
                if (line.startsWith("=")) {
                    return;
                }
            }
            if (!alive) {
                throw new CommandException(
                        "the server ended before it was ready. The end of its log ("
                                + installation.logFile()
                                + "):\n"
                                + endOfLog());
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new CommandException(
                        "the server is not ready after "
                                + PATIENCE.toMinutes()
                                + " minutes; it goes on trying. See "
                                + installation.logFile());
            }
            Thread.sleep(POLL);
        }
    }

    private String endOfLog() throws IOException {
        List<String> lines =
                Files.exists(installation.logFile())
                        ? Files.readAllLines(installation.logFile())
                        : List.of();
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    void say(String text) {
        System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", (System.nanoTime() - start) / 1e9, text);
    }
}
