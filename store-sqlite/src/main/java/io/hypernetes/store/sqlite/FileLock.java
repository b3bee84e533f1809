package io.hypernetes.store.sqlite;

import io.hypernetes.store.StoreException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps two processes from opening one store. The kernel lets go of the lock when its holder dies,
 * however it dies; the file itself stays and tells the holder's process id.
 */
final class FileLock implements AutoCloseable {

    private final FileChannel channel;

    private FileLock(FileChannel channel) {
        this.channel = channel;
    }

    static FileLock acquire(Path database) {
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw inUse(database, file);
            }
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            FileLock lock = new FileLock(channel);
            channel = null;
            return lock;
        } catch (OverlappingFileLockException e) {
            throw inUse(database, file);
        } catch (IOException e) {
            throw new StoreException("cannot lock " + file + ": " + e.getMessage(), e);
        } finally {
            closeQuietly(channel);
        }
    }

    private static StoreException inUse(Path database, Path file) {
        String holder;
        try {
            holder = "process " + Files.readString(file).strip();
        } catch (IOException _) {
            holder = "another process";
        }
        return new StoreException(
                "the store "
                        + database
                        + " is in use by "
                        + holder
                        + ": stop that one first, or choose another data directory");
    }

    private static void closeQuietly(@org.jspecify.annotations.Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException _) {
            // The failure that brought us here is what the caller has to know.
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
