package io.hypernetes.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The folder of a measurement. When this program ends the folder goes, and every program that was
 * started for it: also at a signal, which runs no {@code finally}.
 */
public final class Scratch {

    private static final long PATIENCE_SECONDS = 20;

    private Scratch() {}

    /** A new one under {@code target}, on the disk that the sources are on. */
    public static Path folder(Path home, String name) throws IOException {
        Path target = Files.createDirectories(home.resolve("target")).toAbsolutePath();
        Path folder = Files.createTempDirectory(target, name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(folder), "scratch"));
        return folder;
    }

    private static void leave(Path folder) {
        try {
            endPrograms();
            delete(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " stays: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
