package io.hypernetes.store.sqlite;

import org.sqlite.SQLiteJDBCLoader;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * SQLite's machine code, which the driver unpacks to a file for the linker. The driver deletes the
 * file when the process ends in peace; here its name goes as soon as it is loaded, so that a
 * process that is killed leaves nothing behind.
 *
 * <p>Any thread may ask for it; the first one loads it.
 */
final class NativeLibrary {
    /** Of the driver: the directory it unpacks to. Who sets it keeps the driver's own ways. */
    private static final String DIRECTORY = "org.sqlite.tmpdir";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * @throws IOException when it cannot be unpacked or loaded
     */
    static synchronized void load() throws IOException {
        if (loaded || System.getProperty(DIRECTORY) != null) {
            return;
        }
        Path directory = Files.createTempDirectory("hypernetes-sqlite-");
        System.setProperty(DIRECTORY, directory.toString());
        try {
            SQLiteJDBCLoader.initialize();
            loaded = true;
        } catch (Exception e) { // as the driver declares it
            throw new IOException("SQLite's library cannot be loaded from " + directory, e);
        } finally {
            System.clearProperty(DIRECTORY);
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
