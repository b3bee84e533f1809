package io.hypernetes.store.encryption;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.UUID;

/** Files that their owner alone may read, durable when a call returns. */
final class PrivateFiles {
    private PrivateFiles() {}

    /** What must not be cut short by an interrupt: a writer learns its outcome. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T undisturbed(Work<T> work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return work.run();
                } catch (ClosedByInterruptException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static byte[] read(Path file) throws IOException {
        return undisturbed(() -> Files.readAllBytes(file));
    }

    /** Somebody who made it first keeps it: then nothing is written. */
    static void create(Path file, byte[] bytes) throws IOException {
        undisturbed(() -> createOnce(file, bytes));
    }

    static void replace(Path file, byte[] bytes) throws IOException {
        undisturbed(() -> replaceOnce(file, bytes));
    }

    /** Overwritten first, for what that is worth on the disk at hand. */
    static void delete(Path file) throws IOException {
        undisturbed(() -> deleteOnce(file));
    }

    private static Path createOnce(Path file, byte[] bytes) throws IOException {
        Path written = write(file, bytes);
        try {
            Files.createLink(file, written);
        } catch (java.nio.file.FileAlreadyExistsException _) {
            return file; // another server was faster
        } finally {
            Files.delete(written);
        }
        return sync(file);
    }

    private static Path replaceOnce(Path file, byte[] bytes) throws IOException {
        Files.move(write(file, bytes), file, StandardCopyOption.ATOMIC_MOVE);
        return sync(file);
    }

    private static Path deleteOnce(Path file) throws IOException {
        if (Files.exists(file)) {
            long size = Files.size(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate((int) size));
                channel.force(true);
            }
            Files.delete(file);
        }
        return sync(file);
    }

    private static Path write(Path file, byte[] bytes) throws IOException {
        Path folder = folder(file);
        makePrivate(folder);
        Path part = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel =
                (FileChannel)
                        Files.newByteChannel(
                                part,
                                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        return part;
    }

    /** A folder that is there keeps the mode that somebody gave it. */
    private static void makePrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static Path sync(Path file) throws IOException {
        if (Files.isDirectory(folder(file))) {
            try (FileChannel channel = FileChannel.open(folder(file), StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        return file;
    }

    private static Path folder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        return folder;
    }
}
