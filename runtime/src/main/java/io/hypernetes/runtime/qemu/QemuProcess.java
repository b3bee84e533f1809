package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.VmException;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One QEMU process, started by us or found by its run directory. A {@link ProcessHandle} holds the
 * start time beside the pid, so a recycled pid is never hit; that the pid was ours when it was read
 * is told by the command line, which names the run directory's socket.
 */
record QemuProcess(ProcessHandle handle, Path directory) {

    /**
     * Starts a process that outlives this one: no pipe of ours is its standard stream.
     *
     * @param input read as standard input
     */
    static QemuProcess start(List<String> command, Path directory, Path input) {
        Path log = directory.resolve("log");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectInput(input.toFile())
                            .redirectOutput(Redirect.appendTo(log.toFile()))
                            .redirectErrorStream(true)
                            .start();
            return new QemuProcess(process.toHandle(), directory);
        } catch (IOException e) {
            throw new VmException(
                    "can not start "
                            + QemuCommand.BINARY
                            + "; install it with: apt-get install qemu-system-x86",
                    e);
        }
    }

    /** The living process of a run directory. */
    static Optional<QemuProcess> find(Path directory) {
        return readPid(directory)
                .flatMap(ProcessHandle::of)
                .or(() -> search(directory))
                .filter(handle -> runsIn(handle, directory))
                .map(handle -> new QemuProcess(handle, directory));
    }

    boolean alive() {
        return handle.isAlive();
    }

    /** State T of proc(5). */
    boolean stopped() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("T");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** Ends it and waits for the end. */
    void kill() throws InterruptedException {
        if (!handle.isAlive()) {
            return;
        }
        boolean sent = handle.destroyForcibly();
        try {
            handle.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            throw new VmException(
                    "process "
                            + handle.pid()
                            + (sent ? " does not end after SIGKILL" : " can not be killed")
                            + "; look at its state in /proc",
                    e);
        }
    }

    /** What the process has said, for error messages. */
    String log() {
        try {
            String text = Files.readString(directory.resolve("log"));
            return text.strip().lines().reduce("", (all, line) -> all + "; " + line);
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<Long> readPid(Path directory) {
        try {
            String text = Files.readString(QemuCommand.pidFile(directory)).strip();
            return Optional.of(Long.parseLong(text));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // killed between its start and writing it: search
        }
    }

    private static Optional<ProcessHandle> search(Path directory) {
        return ProcessHandle.allProcesses().filter(handle -> runsIn(handle, directory)).findAny();
    }

    private static boolean runsIn(ProcessHandle handle, Path directory) {
        try {
            byte[] raw =
                    Files.readAllBytes(Path.of("/proc", String.valueOf(handle.pid()), "cmdline"));
            String line = new String(raw, StandardCharsets.UTF_8);
            return line.contains("\0-pidfile\0" + QemuCommand.pidFile(directory) + "\0")
                    && handle.isAlive();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return false; // ended while being looked at
        }
    }
}
