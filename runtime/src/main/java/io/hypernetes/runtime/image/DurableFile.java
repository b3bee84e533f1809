package io.hypernetes.runtime.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there completely or not at all, also after the power went. */
public final class DurableFile {

    /** What the names of unfinished files end with; whoever owns a folder may sweep them. */
    public static final String UNFINISHED = ".unfinished";

    private DurableFile() {}

    /** Replaces the content of a file. One writer per file at a time. */
    public static void write(Path file, byte[] content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try {
            fill(unfinished, content);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished); // a full disk has better use for it
            throw e;
        }
        move(unfinished, file);
    }

    private static void fill(Path file, byte[] content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Puts a finished file, in the same file system, in its place. */
    public static void publish(Path finished, Path place) throws IOException {
        sync(finished);
        move(finished, place);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = to.toAbsolutePath().getParent();
        if (folder != null) {
            sync(folder);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
