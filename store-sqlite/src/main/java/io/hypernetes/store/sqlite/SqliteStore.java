package io.hypernetes.store.sqlite;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.RangeResult;
import io.hypernetes.store.RetentionClock;
import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.sorted.SortedTree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A store in one SQLite file (write-ahead log, {@code synchronous=FULL}): a transaction that was
 * acknowledged survives a crash of the process and of the machine.
 *
 * <p>The newest revision of each key is kept in memory for compares; values are not. {@link #range}
 * reads the file.
 */
public final class SqliteStore implements Store {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private final Path file;

    /** What was read at the opening, until somebody has scanned it or it is no longer all. */
    private final AtomicReference<@Nullable Contents> unread = new AtomicReference<>();

    private final FileLock lock;
    private final Database writer;
    private final Database reader;
    private final LinkedBlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final ExecutorService reading;
    private final Committer committer;
    private final Database copier;
    private final Checkpointer checkpointer;
    private final Thread thread;

    private SqliteStore(
            Path file,
            SqliteSettings settings,
            FileLock lock,
            Database writer,
            Database reader,
            Database copier,
            Contents contents)
            throws SQLException {
        this.file = file;
        this.unread.set(contents);
        this.lock = lock;
        this.writer = writer;
        this.reader = reader;
        this.reading =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("store-reader").factory());
        this.copier = copier;
        this.checkpointer = new Checkpointer(copier, this::finishCheckpoint);
        this.committer =
                new Committer(
                        file,
                        writer,
                        queue,
                        new RetentionClock(settings.retention()),
                        contents.state(),
                        writer.compacted(),
                        checkpointer::wrote);
        checkpointer.start();
        this.thread = Thread.ofPlatform().name("store-committer").start(committer);
    }

    private boolean finishCheckpoint() {
        Job.Checkpoint checkpoint = new Job.Checkpoint(new CompletableFuture<>());
        submit(checkpoint);
        try {
            await(checkpoint.done());
            return true;
        } catch (StoreException _) {
            return false; // The store is closed.
        }
    }

    /**
     * Opens the file, or makes it, readable by its owner only.
     *
     * @throws StoreException when another process has it open, when it is damaged, or when it
     *     cannot be opened
     */
    public static SqliteStore open(Path file, SqliteSettings settings) {
        create(file);
        FileLock lock = FileLock.acquire(file);
        List<AutoCloseable> opened = new ArrayList<>(List.of(lock));
        try {
            Database writer = Database.openForWriting(file, settings.maxBytes());
            opened.addFirst(writer);
            Database reader = Database.openForReading(file);
            opened.addFirst(reader);
            Database copier = Database.openForCheckpoints(file);
            opened.addFirst(copier);
            Contents contents = readSound(file, writer, reader, copier);
            return new SqliteStore(file, settings, lock, writer, reader, copier, contents);
        } catch (SQLException e) {
            StoreException failure = Problems.of("cannot open the store", file, e);
            for (AutoCloseable resource : opened) {
                closeAfter(failure, resource);
            }
            throw failure;
        }
    }

    /** Reads everything, while another thread looks whether the file is sound. */
    private static Contents readSound(Path file, Database writer, Database reader, Database checker)
            throws SQLException {
        Beside<String> check = Beside.start("store-check", checker::verdict);
        Optional<SQLException> failure = Optional.empty();
        Optional<Contents> contents = Optional.empty();
        try {
            contents = Optional.of(Contents.read(writer, reader));
        } catch (SQLException e) {
            failure = Optional.of(e); // what the check says is told first
        }
        String verdict = check.await();
        if (!verdict.equals("ok")) {
            contents.ifPresent(Contents::close);
            throw new SQLException("it is damaged (" + verdict + "): restore a copy of " + file);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return contents.orElseThrow();
    }

    private static void create(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (Files.notExists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } catch (IOException e) {
            throw new StoreException("cannot make the store " + file + ": " + e.getMessage(), e);
        }
    }

    private static void closeAfter(StoreException failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    static State load(Database database) throws SQLException {
        List<StoreKey> keys = new ArrayList<>();
        List<Version> versions = new ArrayList<>();
        database.keys((key, version) -> {
            keys.add(key);
            versions.add(version);
        });
        // The newest version may have been a deletion, since forgotten.
        long revision = Math.max(database.newestRevision(), database.compacted());
        return new State(revision, SortedTree.ofSorted(keys, versions));
    }

    @Override
    public long revision() {
        return committer.state().revision();
    }

    @Override
    public RangeResult range(KeyRange range, long revision, int limit) {
        long current = committer.state().revision();
        long wanted = revision == LATEST ? current : revision;
        if (wanted > current) {
            throw new IllegalArgumentException("revision " + revision + " is yet to come");
        }
        List<Entry> entries = await(reading(range, wanted, limit == 0 ? 0 : limit + 1));
        // Asked afterwards: what was forgotten while we read may be missing.
        long oldest = committer.compacted();
        if (wanted < oldest) {
            if (revision == LATEST) {
                return range(range, revision, limit);
            }
            throw new CompactedException(wanted, oldest);
        }
        boolean more = limit > 0 && entries.size() > limit;
        return new RangeResult(wanted, more ? entries.subList(0, limit) : entries, more);
    }

    /** The first time, of what was read at the opening: nothing is read twice at a start. */
    @Override
    public Scan scan(Consumer<List<? extends ScannedEntry>> to) {
        Contents contents = unread.getAndSet(null);
        if (contents == null) {
            return Store.super.scan(to);
        }
        if (contents.state() != committer.state()) {
            contents.close();
            return Store.super.scan(to);
        }
        try {
            return contents.scan(to);
        } catch (RuntimeException e) {
            contents.close();
            throw e;
        }
    }

    private void forgetUnread() {
        Contents contents = unread.getPlain() == null ? null : unread.getAndSet(null);
        if (contents != null) {
            contents.close();
        }
    }

    private CompletableFuture<List<Entry>> reading(KeyRange range, long revision, int limit) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return reader.range(range, revision, limit);
                        } catch (SQLException e) {
                            throw Problems.of("cannot read", file, e);
                        }
                    },
                    reading);
        } catch (RejectedExecutionException e) {
            throw new StoreException("the store is closed", e);
        }
    }

    @Override
    public TxnResult commit(Txn txn) {
        forgetUnread();
        Job.Write write = new Job.Write(txn, new CompletableFuture<>());
        submit(write);
        return await(write.done());
    }

    @Override
    public StoreWatch watch(long revision, StoreWatch.Listener listener) {
        Job.Watch watch = new Job.Watch(revision, listener, new CompletableFuture<>());
        submit(watch);
        return await(watch.done());
    }

    @Override
    public void compact(long revision) {
        if (revision > revision()) {
            throw new IllegalArgumentException("revision " + revision + " is yet to come");
        }
        Job.Compact compact = new Job.Compact(revision, new CompletableFuture<>());
        submit(compact);
        await(compact.done());
    }

    public Path file() {
        return file;
    }

    /**
     * Checks a copy and brings it beside this store; close it after use. Writers are not kept from
     * their work.
     *
     * @throws StoreException when the file is no copy of a store
     */
    public StagedCopy stage(Path source) {
        return SqliteBackup.stage(source, file);
    }

    /**
     * Puts the state of a copy in the place of this one at once, and keeps what was there beside
     * the file, with {@code .replaced} after its name. Watches are told that the history they need
     * is gone. A transaction that creates what the copy does not have may succeed afterwards, so
     * whoever prepares transactions is to be stopped before.
     *
     * @throws StoreException when that failed: then nothing has changed
     */
    public SqliteBackup.Restored replace(StagedCopy copy) {
        Job.Replace job = new Job.Replace(copy, new CompletableFuture<>());
        // On the reader's thread, so that nothing is read in between: rows that are new with a
        // revision that is not.
        return await(
                CompletableFuture.supplyAsync(
                        () -> {
                            submit(job);
                            return await(job.done());
                        },
                        reading));
    }

    private void submit(Job job) {
        queue.add(job);
        if (committer.ended() && queue.remove(job)) {
            job.done().completeExceptionally(new StoreException("the store is closed"));
        }
    }

    /** Waits whatever comes: the job is out of our hands and its outcome must be known. */
    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case StoreException cause -> throw rethrown(cause);
                case IllegalArgumentException cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /** The same failure, with this caller's stack; one failed batch has many callers. */
    private static StoreException rethrown(StoreException cause) {
        return cause instanceof CompactedException
                ? cause
                : new StoreException(String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public void close() {
        forgetUnread();
        queue.add(new Job.Stop(new CompletableFuture<>()));
        joinUninterruptibly(thread);
        checkpointer.close();
        reading.close();
        StoreException failure = new StoreException("cannot close " + file);
        closeAfter(failure, reader);
        closeAfter(failure, copier);
        closeAfter(failure, writer);
        closeAfter(failure, lock);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
