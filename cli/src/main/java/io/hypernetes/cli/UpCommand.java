package io.hypernetes.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code hypernetes up}: starts the server in the background and waits until it is ready. */
@Command(
        name = "up",
        description = "Start everything in the background and wait until it is ready.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(30);
    private static final int LOG_LINES = 15;

    @Mixin private Installation installation = new Installation();
    @Mixin private ServerOptions options = new ServerOptions();

    /** When the launcher began, so that one clock runs from its first line to the last. */
    private final long start = System.nanoTime() - sinceLauncher();

    private static long sinceLauncher() {
        String epochNanos = System.getenv("HYPERNETES_START");
        if (epochNanos == null || !epochNanos.matches("\\d{1,18}|[1-8]\\d{18}")) {
            return 0;
        }
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * 1_000_000_000 + now.getNano();
        return Math.max(0, nanos - Long.parseLong(epochNanos));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Preconditions.check(installation, options.components());
        ServerProcess server = new ServerProcess(installation);
        Optional<ProcessHandle> running = server.running();
        Path progress = installation.runFolder().resolve("progress");
        if (running.isPresent()) {
            say("already running, pid " + running.get().pid());
        } else {
            requireFreePort();
            new Progress(progress, false).begin();
            running = Optional.of(spawn());
        }
        follow(progress, running.get());
        next();
        return 0;
    }

    private void requireFreePort() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(
                    new InetSocketAddress(
                            InetAddress.getByName(options.address()), options.port()));
        } catch (IOException e) {
            throw new CommandException(
                    "port %d of %s cannot be used (%s). Choose another with --port, or end what holds it ('ss -ltnp')."
                            .formatted(options.port(), options.address(), e.getMessage()),
                    e);
        }
    }

    /** A session of its own, so that it survives this terminal. */
    private ProcessHandle spawn() throws IOException {
        Files.createDirectories(installation.logFile().getParent());
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("server", "--background", "--data", installation.data().toString()));
        command.addAll(options.arguments());
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

    private void say(String text) {
        System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", (System.nanoTime() - start) / 1e9, text);
    }

    private void next() {
        String data =
                installation.data().equals(Path.of("/var/lib/hypernetes"))
                        ? ""
                        : " --data " + installation.data();
        System.out.printf(
                """

                Try next:
                  export KUBECONFIG=$(./hypernetes kubeconfig%1$s)
                  ./hypernetes kubectl%1$s get nodes
                  ./hypernetes demo%1$s
                """,
                data);
    }
}
