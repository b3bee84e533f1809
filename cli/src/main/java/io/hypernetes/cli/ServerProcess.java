package io.hypernetes.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/**
 * The record of a running server under {@code run/server}: its pid with the start time, so that a
 * recycled pid is never taken for it.
 */
final class ServerProcess {

    /** Field 22 of {@code /proc/PID/stat}, counted after the command's closing bracket. */
    private static final int START_TIME_AFTER_NAME = 19;

    private static final Duration POLL = Duration.ofMillis(50);

    private final Path file;

    ServerProcess(Installation installation) {
        this.file = installation.runFolder().resolve("server");
    }

    /** Called by the server itself, first thing. */
    void record() throws IOException {
        long pid = ProcessHandle.current().pid();
        Path fresh = file.resolveSibling("server.new");
        Files.writeString(fresh, pid + " " + startTime(pid).orElse("0"));
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Called by the server itself when it ends in good order. */
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    Optional<ProcessHandle> running() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] record = Files.readString(file).strip().split(" ");
            long pid = Long.parseLong(record[0]);
            return startTime(pid).filter(record[1]::equals).flatMap(_ -> ProcessHandle.of(pid));
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e, e);
        }
    }

    /** Asks the server to end and waits; true when it has ended. */
    boolean terminate(Duration patience) throws InterruptedException {
        Optional<ProcessHandle> server = running();
        if (server.isEmpty()) {
            return true;
        }
        server.get().destroy();
        long end = System.nanoTime() + patience.toNanos();
        while (running().isPresent()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    void kill() {
        running().ifPresent(ProcessHandle::destroyForcibly);
    }

    static Optional<String> startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return dead ? Optional.empty() : Optional.of(fields[START_TIME_AFTER_NAME]);
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
