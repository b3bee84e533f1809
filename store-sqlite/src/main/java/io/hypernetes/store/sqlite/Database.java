package io.hypernetes.store.sqlite;

import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The statements. One thread uses a database; the store has one for writing and one for reading.
 *
 * <pre>
 * versions   every version of every key that is still kept
 *   id               revision * 65536 + position in the transaction; grows with time, so that
 *                    writes append to the table and the order of ids is the order of history
 *   key
 *   create_revision  of the transaction that made the key
 *   value            NULL: the key was deleted
 * versions_by_key    (key, id): the newest version of a key at a revision
 * meta       compacted: the oldest revision whose state can be read
 * </pre>
 */
final class Database implements AutoCloseable {

    private static final int FORMAT = 1;
    private static final int PAGE_BYTES = 4096;
    private static final int POSITIONS = 1 << 16;

    /** SQLite maps no more of a file. */
    private static final int MAPPED_BYTES = 0x7fff0000;

    private static final String SCHEMA =
            """
            CREATE TABLE IF NOT EXISTS versions (
              id INTEGER PRIMARY KEY,
              key BLOB NOT NULL,
              create_revision INTEGER NOT NULL,
              value BLOB);
            CREATE UNIQUE INDEX IF NOT EXISTS versions_by_key ON versions (key, id);
            CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
            INSERT OR IGNORE INTO meta VALUES ('compacted', 1);
            """;

    private static final String INSERT =
            "INSERT INTO versions (id, key, create_revision, value) VALUES (?, ?, ?, ?)";

    /**
     * The newest version of each key: beside max(), other columns are those of its row (the one
     * case in which SQLite promises that). Read along the index, so that a page costs what is in
     * it, however much comes after.
     */
    private static final String RANGE =
            """
            SELECT max(id), key, create_revision, value FROM versions
            WHERE key >= ? AND key < ? AND id < ?
            GROUP BY key HAVING value IS NOT NULL ORDER BY key LIMIT ?
            """;

    private static final String KEYS =
            """
            SELECT max(id), key, create_revision FROM versions
            GROUP BY key HAVING value IS NOT NULL ORDER BY key
            """;

    private static final String HISTORY =
            "SELECT id, key, create_revision, value FROM versions WHERE id >= ? ORDER BY id";

    private static final String PART_OF_HISTORY =
            "SELECT id, key, create_revision, value FROM versions WHERE id >= ? AND id < ?"
                    + " ORDER BY id";

    /** A version is superseded by one of the same key that is itself old enough to be kept. */
    private static final String FORGET_SUPERSEDED =
            """
            DELETE FROM versions WHERE id IN (
              SELECT older.id FROM versions newer
              JOIN versions older ON older.key = newer.key AND older.id < newer.id
              WHERE newer.id >= ? AND newer.id < ?)
            """;

    /** The newest version of each key of a copy, one to a revision, in the order of history. */
    private static final String ADOPT =
            """
            INSERT INTO main.versions (id, key, create_revision, value)
            SELECT (? + row_number() OVER (ORDER BY v.id)) * ?, v.key, v.create_revision, v.value
            FROM (SELECT max(id) AS id FROM copy.versions GROUP BY key) newest
            JOIN copy.versions v ON v.id = newest.id
            WHERE v.value IS NOT NULL
            """;

    private static final String FORGET_DELETED =
            "DELETE FROM versions WHERE id >= ? AND id < ? AND value IS NULL";

    private final Connection connection;
    private @Nullable PreparedStatement insert;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** The writer's connection; makes or checks the schema. */
    static Database openForWriting(Path file, long maxBytes) throws SQLException {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPragma(SQLiteConfig.Pragma.MAX_PAGE_COUNT, "" + maxBytes / PAGE_BYTES);
        Database database = new Database(connect(config, file));
        try {
            database.prepare();
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    /** For {@link #checkpoint} alone. */
    static Database openForCheckpoints(Path file) throws SQLException {
        SQLiteConfig config = config();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        return new Database(connect(config, file));
    }

    static Database openForReading(Path file) throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return new Database(connect(config, file));
    }

    private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
        try {
            NativeLibrary.load();
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), e);
        }
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setPageSize(PAGE_BYTES);
        config.setBusyTimeout(10_000);
        config.setGetGeneratedKeys(false); // else the driver asks for one after each insert
        // KiB, as a negative number. The system's own cache has the file too: with eight times as
        // much, writes cost no less, and each connection that works takes it.
        config.setCacheSize(-4_000);
        return config;
    }

    private void prepare() throws SQLException {
        requireKnown(number("PRAGMA user_version"));
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(SCHEMA);
            if (number("PRAGMA user_version") != FORMAT) { // else nothing is written by an opening
                statement.executeUpdate("PRAGMA user_version = " + FORMAT);
            }
            // The checkpointer copies the log; no commit does so on its way.
            statement.executeUpdate("PRAGMA wal_autocheckpoint = 0");
            statement.executeUpdate("PRAGMA journal_size_limit = 67108864");
        }
        connection.setAutoCommit(false);
        connection.commit();
    }

    /** {@code ok}, or what is wrong with the file. */
    String verdict() throws SQLException {
        mapped(true);
        try {
            return text("PRAGMA quick_check(1)");
        } finally {
            mapped(false);
        }
    }

    long compacted() throws SQLException {
        return number("SELECT value FROM meta WHERE name = 'compacted'");
    }

    /** The revision of the newest version, 0 when there is none. */
    long newestRevision() throws SQLException {
        return number("SELECT coalesce(max(id), 0) FROM versions") / POSITIONS;
    }

    /** All keys with their create and modification revisions. */
    void keys(BiConsumer<StoreKey, Version> to) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(KEYS);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                long revision = rows.getLong(1) / POSITIONS;
                to.accept(StoreKey.of(rows.getBytes(2)), new Version(rows.getLong(3), revision));
            }
        }
    }

    List<Entry> range(KeyRange range, long revision, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(RANGE)) {
            select.setBytes(1, range.from().bytes());
            select.setBytes(2, range.to().bytes());
            select.setLong(3, firstId(revision + 1));
            select.setLong(4, limit == 0 ? -1 : limit);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(entry(rows, rows.getBytes(4)));
                }
            }
            return entries;
        }
    }

    /** Is shown a version. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param value null for a deletion
         */
        void read(StoreKey key, Version version, byte @Nullable [] value);
    }

    /**
     * While a whole file is read: its pages are looked at where the system has them, instead of
     * being asked for one by one.
     */
    void mapped(boolean on) throws SQLException {
        number("PRAGMA mmap_size = " + (on ? MAPPED_BYTES : 0));
    }

    /** About so many versions are kept before this place in history as after it. */
    long middle() throws SQLException {
        return number("SELECT (coalesce(min(id), 0) + coalesce(max(id), 0)) / 2 FROM versions");
    }

    /** The versions between two places in history, in its order. */
    void versions(long from, long until, Reader to) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(PART_OF_HISTORY)) {
            select.setLong(1, from);
            select.setLong(2, until);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    long revision = rows.getLong(1) / POSITIONS;
                    to.read(
                            StoreKey.owning(rows.getBytes(2)),
                            new Version(rows.getLong(3), revision),
                            rows.getBytes(4));
                }
            }
        }
    }

    private static Entry entry(ResultSet row, byte[] value) throws SQLException {
        return new Entry(
                StoreKey.of(row.getBytes(2)), value, row.getLong(3), row.getLong(1) / POSITIONS);
    }

    /** Every transaction after {@code revision}, in order. */
    void history(long revision, Consumer<StoreWatch.Batch> to) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HISTORY)) {
            select.setLong(1, firstId(revision + 1));
            try (ResultSet rows = select.executeQuery()) {
                List<StoreEvent> events = new ArrayList<>();
                long current = 0;
                while (rows.next()) {
                    long next = rows.getLong(1) / POSITIONS;
                    if (next != current && !events.isEmpty()) {
                        to.accept(new StoreWatch.Batch(current, List.copyOf(events)));
                        events.clear();
                    }
                    current = next;
                    events.add(event(rows));
                }
                if (!events.isEmpty()) {
                    to.accept(new StoreWatch.Batch(current, List.copyOf(events)));
                }
            }
        }
    }

    private static StoreEvent event(ResultSet row) throws SQLException {
        byte @Nullable [] value = row.getBytes(4);
        return value == null
                ? new StoreEvent.Delete(StoreKey.of(row.getBytes(2)))
                : new StoreEvent.Put(entry(row, value));
    }

    /**
     * @param value null for a deletion
     */
    void insert(long revision, int position, StoreKey key, long created, byte @Nullable [] value)
            throws SQLException {
        PreparedStatement statement = insert;
        if (statement == null) {
            statement = connection.prepareStatement(INSERT);
            insert = statement;
        }
        statement.setLong(1, firstId(revision) + position);
        statement.setBytes(2, key.bytes());
        statement.setLong(3, created);
        statement.setBytes(4, value);
        statement.executeUpdate();
    }

    void forget(long from, long to) throws SQLException {
        for (String sql : new String[] {FORGET_SUPERSEDED, FORGET_DELETED}) {
            try (PreparedStatement delete = connection.prepareStatement(sql)) {
                delete.setLong(1, firstId(from));
                delete.setLong(2, firstId(to + 1));
                delete.executeUpdate();
            }
        }
        setCompacted(to);
    }

    void setCompacted(long revision) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE meta SET value = ? WHERE name = 'compacted'")) {
            update.setLong(1, revision);
            update.executeUpdate();
        }
    }

    /**
     * Puts the state of the copy that is attached in the place of this one, in one transaction that
     * is not committed yet. Every object gets a revision of its own after {@code base}: whoever
     * remembers one of the state that goes, or of an earlier time of the copy's, remembers one that
     * is not used again.
     *
     * @return the newest revision, which is the oldest that can be read
     */
    long adopt(long base) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADOPT);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM main.versions");
            insert.setLong(1, base);
            insert.setLong(2, POSITIONS);
            insert.executeUpdate();
        }
        long newest = Math.max(newestRevision(), base);
        setCompacted(newest);
        return newest;
    }

    /** Not inside a transaction, so what is not committed is. */
    void attach(Path copy) throws SQLException {
        connection.setAutoCommit(true);
        try (PreparedStatement attach = connection.prepareStatement("ATTACH DATABASE ? AS copy")) {
            attach.setString(1, copy.toAbsolutePath().toString());
            attach.executeUpdate();
        } finally {
            connection.setAutoCommit(false);
        }
    }

    /** Takes back what is not committed. */
    void detach() throws SQLException {
        rollback();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DETACH DATABASE copy");
        } finally {
            connection.setAutoCommit(false);
        }
    }

    /** Copies everything, as of one instant, into a file that is there and empty. */
    void vacuumInto(Path file) throws SQLException {
        try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, file.toAbsolutePath().toString());
            vacuum.executeUpdate();
        }
    }

    /**
     * @return the newest revision
     * @throws SQLException when this is not the whole file of a store
     */
    long requireStore() throws SQLException {
        long format = number("PRAGMA user_version");
        boolean ours =
                number("SELECT count(*) FROM sqlite_master WHERE name IN ('versions', 'meta')")
                        == 2;
        if (!ours || format == 0) {
            throw new SQLException("it is a database of something else");
        }
        requireKnown(format);
        String verdict = text("PRAGMA integrity_check(1)");
        if (!verdict.equals("ok")) {
            throw new SQLException("it is damaged: " + verdict);
        }
        return Math.max(newestRevision(), compacted());
    }

    private static void requireKnown(long format) throws SQLException {
        if (format > FORMAT) {
            throw new SQLException(
                    "it was written by a newer version (format " + format + "): use that one");
        }
    }

    /** Copies what it can of the log into the file without keeping anybody waiting. */
    Checkpointer.Progress checkpoint() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            row.next();
            return new Checkpointer.Progress(row.getInt(2), row.getInt(3));
        }
    }

    void commit() throws SQLException {
        connection.commit();
    }

    /**
     * Takes back what is not committed, if SQLite has not done so by itself (as on a full disk).
     */
    void rollback() throws SQLException {
        PreparedStatement failed = insert;
        if (failed != null) {
            insert = null;
            failed.close();
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static long firstId(long revision) {
        return revision * POSITIONS;
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
