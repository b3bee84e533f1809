package io.hypernetes.store.sqlite;

import io.hypernetes.store.StoreException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Set;

/**
 * Copies of a store's file.
 *
 * <p>A copy is made by a reader beside the running server, which needs not know of it: one read
 * transaction, so everything is of one revision.
 */
public final class SqliteBackup {

    /**
     * Restoring raises the revision by so much (as {@code etcdutl --bump-revision} is used), so
     * that no client has ever seen a revision that is yet to come, whatever was written after the
     * copy.
     */
    public static final long BUMP = 1_000_000_000;

    /** What was there before a restore is kept under the store's name and this. */
    private static final String REPLACED = ".replaced";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private SqliteBackup() {}

    /**
     * Copies a store, also while it is served.
     *
     * @param target must not exist; it appears when it is whole, readable by its owner only
     * @return the revision of the copy
     */
    public static long backup(Path store, Path target) {
        if (Files.notExists(store)) {
            throw new StoreException("there is no store at " + store);
        }
        if (Files.exists(target)) {
            throw new StoreException(target + " exists: name a new file");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            copy(store, part);
            try (Database copy = Database.openForReading(part)) {
                long revision = copy.requireStore();
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                sync(directory(target));
                return revision;
            }
        } catch (SQLException | IOException e) {
            deleteAfter(e, part);
            throw Problems.of("cannot copy", store, e);
        }
    }

    /**
     * What a restore did.
     *
     * @param copied the revision of the copy
     * @param revision at which the store goes on
     */
    public record Restored(long copied, long revision) {}

    /**
     * Puts a copy in the place of a store that nobody serves; {@link SqliteStore#replace} does so
     * with one that is. What was there is kept beside it, with {@code .replaced} after its name.
     *
     * @throws StoreException when the file is no copy of a store, or a server has the store open
     */
    public static Restored restore(Path source, Path store) {
        long copied = check(source);
        try {
            Files.createDirectories(directory(store));
            try (FileLock _ = FileLock.acquire(store);
                    StagedCopy staged = stage(source, store, copied)) {
                return replace(staged, store);
            }
        } catch (SQLException | IOException e) {
            throw Problems.of("cannot restore", store, e);
        }
    }

    /** Checks a copy and brings it beside the store. */
    static StagedCopy stage(Path source, Path store) {
        long copied = check(source);
        try {
            return stage(source, store, copied);
        } catch (SQLException | IOException e) {
            throw Problems.of("cannot restore", store, e);
        }
    }

    private static StagedCopy stage(Path source, Path store, long copied)
            throws SQLException, IOException {
        Path staged = beside(store, ".staged");
        copyAnew(source, staged);
        return new StagedCopy(staged, copied);
    }

    private static long check(Path source) {
        if (!Files.isRegularFile(source)) {
            throw new StoreException("there is no file " + source);
        }
        try (Database database = Database.openForReading(source)) {
            return database.requireStore();
        } catch (SQLException e) {
            throw new StoreException(
                    source + " is no copy of a store (" + e.getMessage() + "): nothing was changed",
                    e);
        }
    }

    private static Restored replace(StagedCopy staged, Path store)
            throws SQLException, IOException {
        Path part = beside(store, ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, OWNER_ONLY);
        long revision;
        try (Database database = Database.openForWriting(part, Long.MAX_VALUE / 2)) {
            database.attach(staged.file());
            revision = database.adopt(base(staged, settle(store)));
            database.commit();
        }
        sync(part);
        if (Files.exists(store)) {
            Path replaced = beside(store, REPLACED);
            Files.deleteIfExists(replaced);
            Files.createLink(replaced, store);
        }
        // A log left beside a file that could not be opened is not the new file's.
        for (String suffix : new String[] {"-wal", "-shm"}) {
            Files.deleteIfExists(beside(store, suffix));
        }
        Files.move(
                part, store, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory(store));
        return new Restored(staged.revision(), revision);
    }

    /** The revision after which a restored state begins. */
    static long base(StagedCopy staged, long seen) {
        return Math.max(staged.revision(), seen) + BUMP;
    }

    /** Keeps the state of a store that is open beside it, before it is replaced. */
    static void keep(Path store) throws SQLException, IOException {
        Path part = beside(store, ".part");
        copyAnew(store, part);
        Files.move(
                part,
                beside(store, REPLACED),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        sync(directory(store));
    }

    /**
     * The last revision of what is there, its log taken into the file; 0 when it is beyond that.
     */
    private static long settle(Path store) {
        if (Files.notExists(store)) {
            return 0;
        }
        try (Database database = Database.openForWriting(store, Long.MAX_VALUE / 2)) {
            return Math.max(database.newestRevision(), database.compacted());
        } catch (SQLException e) {
            return 0; // Damaged: that is why it is being replaced.
        }
    }

    private static Path beside(Path store, String suffix) {
        return store.resolveSibling(store.getFileName() + suffix);
    }

    /** To a file that an interrupted run may have left. */
    private static void copyAnew(Path from, Path to) throws SQLException, IOException {
        Files.deleteIfExists(to);
        copy(from, to);
    }

    private static void copy(Path from, Path to) throws SQLException, IOException {
        Files.createFile(to, OWNER_ONLY);
        try (Database database = Database.openForReading(from)) {
            database.vacuumInto(to);
        }
        sync(to);
    }

    private static Path directory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? file.toAbsolutePath() : directory;
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteAfter(Exception failure, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
