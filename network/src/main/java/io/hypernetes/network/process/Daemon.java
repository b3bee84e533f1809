package io.hypernetes.network.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon of the Open vSwitch family. It detaches itself, so it outlives the program that starts
 * it and is found again by its pid file.
 *
 * <p>It is ours if the process of that number was started with our pid file in its arguments, which
 * name this installation's directory. That cannot be said of a process that got the number later,
 * so nothing of others is ever taken for ours or ended.
 *
 * @param name for logs and messages
 * @param launch the program with its arguments, without pid file and log
 * @param environment the directories that it may use
 * @param pidFile that it writes and locks
 * @param log that it writes
 */
public record Daemon(
        String name, List<String> launch, Map<String, String> environment, Path pidFile, Path log) {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLITE = Duration.ofSeconds(5);
    private static final long LARGEST_LOG_BYTES = 16L * 1024 * 1024;

    /** The number of the running process. */
    public OptionalLong pid() {
        try {
            String pid = Files.readString(pidFile).strip();
            if (!pid.matches("[0-9]{1,10}")) {
                return OptionalLong.empty();
            }
            String arguments =
                    new String(
                            Files.readAllBytes(Path.of("/proc", pid, "cmdline")),
                            StandardCharsets.UTF_8);
            return Arrays.asList(arguments.split("\0", -1)).contains("--pidfile=" + pidFile)
                    ? OptionalLong.of(Long.parseLong(pid))
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // no file, no process, or it ended while we looked
        }
    }

    public boolean isRunning() {
        return pid().isPresent();
    }

    /** Starts it; returns when it serves its control socket. */
    public void start() throws IOException {
        rotateLog();
        List<String> words = new ArrayList<>(launch);
        words.addAll(
                List.of(
                        "--pidfile=" + pidFile,
                        "--log-file=" + log,
                        "--detach",
                        "--no-chdir",
                        "-vconsole:off"));
        Path output = log.resolveSibling(name + ".out");
        int status = new Command(words, environment, START_TIMEOUT).runInto(output);
        if (status != 0 || !isRunning()) {
            throw new IOException(
                    "%s did not start (exit status %d): see %s and %s"
                            .formatted(name, status, log, output));
        }
    }

    /** Ends it, by force when it does not go. */
    public void stop() {
        OptionalLong pid = pid();
        if (pid.isEmpty()) {
            return;
        }
        ProcessHandle.of(pid.getAsLong()).ifPresent(ProcessHandle::destroy);
        if (!awaitEnd(POLITE)) {
            ProcessHandle.of(pid.getAsLong()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(POLITE);
        }
    }

    /** Waits for its end. */
    public boolean awaitEnd(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (isRunning()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return true;
    }

    private void rotateLog() throws IOException {
        try {
            if (Files.size(log) > LARGEST_LOG_BYTES) {
                Path old = log.resolveSibling(log.getFileName() + ".1");
                Files.move(log, old, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (NoSuchFileException e) {
            return; // the first start
        }
    }
}
