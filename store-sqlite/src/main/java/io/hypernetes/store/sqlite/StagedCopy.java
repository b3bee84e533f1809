package io.hypernetes.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A copy that has been checked and lies beside a store, ready to take the place of its state.
 *
 * @param revision of the copy
 */
public record StagedCopy(Path file, long revision) implements AutoCloseable {

    /** Removes the file. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
