package io.hypernetes.identity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a file of the operator's says, read again when the file has changed: it is looked at once a
 * second, by whoever asks then. A change that cannot be read is logged and leaves what was there.
 *
 * @param <T> what is made of it
 */
public final class ReloadedFile<T> {

    /** Throws IllegalArgumentException that says what is wrong, with the line. */
    @FunctionalInterface
    public interface Format<T> {
        T read(String text);
    }

    private record State<T>(T value, FileTime modified, long size) {}

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);
    private static final long EACH = Duration.ofSeconds(1).toNanos();

    private final Path file;
    private final Format<T> format;
    private final AtomicLong next = new AtomicLong(System.nanoTime() + EACH);
    private volatile State<T> state;

    /** Throws IOException and IllegalArgumentException: a server does not start on half a file. */
    public ReloadedFile(Path file, Format<T> format) throws IOException {
        this.file = file;
        this.format = format;
        this.state = load();
    }

    public T value() {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + EACH)) {
            reload();
        }
        return state.value();
    }

    private void reload() {
        try {
            State<T> known = state;
            boolean same =
                    Files.getLastModifiedTime(file).equals(known.modified())
                            && Files.size(file) == known.size();
            if (!same) {
                state = load();
                LOG.info("{} has changed and is read again", file);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "{} has changed and cannot be read, what it said stays: {}",
                    file,
                    e.toString());
        }
    }

    private State<T> load() throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        return new State<>(format.read(Files.readString(file)), modified, size);
    }
}
