package io.hypernetes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The folder of a measurement. When this program ends the folder goes, and every program that was
 * started for it, and what else was made: also at a signal, which runs no {@code finally}.
 */
public final class Scratch {

    private static final long PATIENCE_SECONDS = 20;

    /** The last made is the first: what lies in a folder goes before it. */
    private static final Deque<AutoCloseable> MADE = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Scratch::leave, "scratch"));
    }

    private Scratch() {}

    /** Closes this at the end, too: a program that has left us, what the kernel keeps. */
    public static void closing(AutoCloseable made) {
        MADE.push(made);
    }

    /** A new one under {@code target}, on the disk that the sources are on. */
    public static Path folder(Path home, String name) throws IOException {
        Path target = Files.createDirectories(home.resolve("target")).toAbsolutePath();
        Path folder = Files.createTempDirectory(target, name);
        closing(() -> delete(folder));
        return folder;
    }

    private static void leave() {
        try {
            endPrograms();
            closeAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeAll() {
        for (AutoCloseable made = MADE.poll(); made != null; made = MADE.poll()) {
            try {
                made.close();
            } catch (Exception e) {
                System.err.println("something is left: " + e.getMessage());
            }
        }
    }

    private static void endPrograms() throws InterruptedException {
        List<ProcessHandle> programs = ProcessHandle.current().descendants().toList();
        programs.forEach(ProcessHandle::destroy);
        CompletableFuture<?>[] ends =
                programs.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            programs.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
