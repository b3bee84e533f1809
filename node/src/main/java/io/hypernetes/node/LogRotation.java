package io.hypernetes.node;

import io.grpc.StatusRuntimeException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Keeps the log files of pods within bounds, as upstream's kubelet does ({@code
 * containerLogMaxSize} and {@code containerLogMaxFiles}): a file that has grown to the limit is
 * renamed and the runtime told to go on in a new one; the newest renamed file stays as it is, older
 * ones are compressed, and there are never more than so many. Files of runs before the last two go.
 * One virtual thread for the whole node: it looks at the folder, not at pods.
 */
final class LogRotation implements AutoCloseable {

    /**
     * @param bytes a file may grow to
     * @param files of one run of a container, the current one among them
     */
    record Limits(long bytes, int files) {
        static final Limits DEFAULT = new Limits(10L << 20, 5);
    }

    /** Tells the runtime that a container's log file has been renamed. */
    @FunctionalInterface
    interface Reopener {
        /**
         * @return whether a container that runs writes to this file
         */
        boolean reopen(Path log);
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final int KEPT_RUNS = 2;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final Limits limits;
    private final Reopener reopener;
    private final Clock clock;
    private final Thread thread;

    /**
     * @param folder of all pods' logs: POD/CONTAINER/ATTEMPT.log
     */
    LogRotation(Path folder, Limits limits, Reopener reopener, Clock clock) {
        this.folder = folder;
        this.limits = limits;
        this.reopener = reopener;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("log-rotation").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                pass();
            }
        } catch (InterruptedException _) {
            LOG.debug("log rotation ends");
        }
    }

    /** Looks at all files once. */
    void pass() {
        for (Path pod : children(folder)) {
            for (Path container : children(pod)) {
                try {
                    tidy(container);
                } catch (IOException | StatusRuntimeException e) {
                    LOG.warn("the logs in {} can not be rotated: {}", container, e.getMessage());
                }
            }
        }
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException _) {
            return List.of(); // removed with its pod
        }
    }

    private void tidy(Path container) throws IOException {
        List<Path> files = children(container);
        List<Integer> attempts =
                files.stream()
                        .map(LogRotation::attempt)
                        .flatMap(Optional::stream)
                        .distinct()
                        .sorted(Comparator.reverseOrder())
                        .toList();
        for (Path file : files) {
            int age = attempt(file).map(attempts::indexOf).orElse(0);
            if (age >= KEPT_RUNS) {
                Files.deleteIfExists(file);
            }
        }
        for (int attempt : attempts.subList(0, Math.min(KEPT_RUNS, attempts.size()))) {
            Path log = container.resolve(attempt + ".log");
            if (Files.exists(log) && Files.size(log) >= limits.bytes) {
                rotate(log);
            }
        }
    }

    /** The number before the first dot. */
    private static Optional<Integer> attempt(Path file) {
        String name = String.valueOf(file.getFileName());
        String number = name.substring(0, Math.max(0, name.indexOf('.')));
        return number.matches("[0-9]{1,9}")
                ? Optional.of(Integer.valueOf(number))
                : Optional.empty();
    }

    private void rotate(Path log) throws IOException {
        List<Path> rotated = rotated(log);
        while (rotated.size() > Math.max(0, limits.files - 2)) {
            Files.deleteIfExists(rotated.removeFirst());
        }
        for (Path file : rotated) {
            compress(file);
        }
        Path renamed = log.resolveSibling(log.getFileName() + "." + STAMP.format(clock.instant()));
        if (Files.exists(renamed)) {
            return; // twice in a second: the next look will do
        }
        Files.move(log, renamed);
        try {
            if (!reopener.reopen(log)) {
                Files.move(renamed, log); // it has ended: nothing is added any more
            }
        } catch (StatusRuntimeException e) {
            Files.move(renamed, log, StandardCopyOption.REPLACE_EXISTING);
            throw e;
        }
    }

    /** Oldest first. */
    private static List<Path> rotated(Path log) {
        String prefix = log.getFileName() + ".";
        List<Path> files = new ArrayList<>();
        for (Path file : children(log.resolveSibling(""))) {
            String name = String.valueOf(file.getFileName());
            if (name.startsWith(prefix) && !name.endsWith(".tmp")) {
                files.add(file);
            }
        }
        files.sort(Comparator.comparing(file -> String.valueOf(file.getFileName())));
        return files;
    }

    private static void compress(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".gz")) {
            return;
        }
        Path unfinished = file.resolveSibling(name + ".tmp");
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
            long unused = in.transferTo(out);
        } catch (NoSuchFileException _) {
            return; // removed with its pod
        }
        Files.move(unfinished, file.resolveSibling(name + ".gz"), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(file);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
