package io.hypernetes.server.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file of JSON lines, readable by its owner alone. When it has grown to its size it is renamed to
 * {@code FILE.1}, the older ones to {@code .2} and so on, and those beyond the number to keep are
 * deleted.
 *
 * <p>One thread writes; requests hand it their events and go on. Its queue is bounded: when the
 * disk cannot follow, requests wait for it rather than go unrecorded.
 */
public final class AuditFile implements AuditLog {
    private final Path file;
    private final long mostBytes;
    private final int backups;
    private final EventWriter writer;

    /** Used by the writer alone, like {@code size}. */
    private OutputStream out;

    private long size;

    /**
     * @param mostBytes at which a file is put aside
     * @param backups how many of those put aside are kept
     */
    public AuditFile(Path file, long mostBytes, int backups) throws IOException {
        this.file = file;
        this.mostBytes = mostBytes;
        this.backups = backups;
        this.out = open();
        this.writer = new EventWriter("audit", file, new Rotated());
    }

    private OutputStream open() throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        size = Files.size(file);
        return new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND));
    }

    @Override
    public void write(byte[] event) {
        writer.put(event);
    }

    private final class Rotated implements EventWriter.Lines {
        @Override
        public void append(byte[] event) throws IOException {
            if (size > 0 && size + event.length >= mostBytes) {
                rotate();
            }
            out.write(event);
            out.write('\n');
            size += event.length + 1L;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private void rotate() throws IOException {
        out.close();
        Files.deleteIfExists(backup(backups));
        for (int i = backups - 1; i >= 1; i--) {
            if (Files.exists(backup(i))) {
                Files.move(backup(i), backup(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (backups > 0) {
            Files.move(file, backup(1), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(file);
        }
        out = open();
    }

    private Path backup(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /** Returns when all events are in the file. */
    @Override
    public void close() {
        writer.close();
    }
}
