package io.hypernetes.store.sqlite;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Listeners;
import io.hypernetes.store.RetentionClock;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.UnknownOutcomeException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The one thread that writes: it takes what waits, at most {@value #BATCH} transactions, makes them
 * durable with one fsync, tells the watches, and only then the callers. While it waits for the disk
 * the next batch gathers, so the disk sets the pace, not the number of writers. Large ones wait
 * until none of the others does, and go a few at a time: whoever writes little waits for one of
 * them at most.
 *
 * <p>All fields but the volatile ones belong to this thread.
 */
final class Committer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int BATCH = 256;

    /** A transaction from here on is large: it takes milliseconds to write. */
    private static final long LARGE = 128 << 10;

    /** What large ones may bring together into one batch, if they are more than one. */
    private static final long LARGE_BATCH = 1 << 20;

    /** Forgetting goes in steps of so many revisions, so that writers never wait long for it. */
    private static final long FORGET_STEP = 1000;

    private final Path file;
    private final Database database;
    private final LinkedBlockingQueue<Job> queue;
    private final RetentionClock retention;
    private final LongConsumer onWritten;
    private final Listeners listeners = new Listeners();

    /** Published to readers after each batch. */
    private volatile State state;

    /** The oldest readable revision; raised before anything is removed. */
    private volatile long compacted;

    /** Set once the file can no longer be trusted to hold what {@link #state} says. */
    private volatile @Nullable StoreException failure;

    /** Set when nothing will be taken from the queue any more, before the last look at it. */
    private volatile boolean ended;

    /** What is put off until nothing small waits. */
    private final ArrayDeque<Job.Write> large = new ArrayDeque<>();

    private boolean stopped;

    Committer(
            Path file,
            Database database,
            LinkedBlockingQueue<Job> queue,
            RetentionClock retention,
            State state,
            long compacted,
            LongConsumer onWritten) {
        this.file = file;
        this.database = database;
        this.queue = queue;
        this.retention = retention;
        this.state = state;
        this.compacted = compacted;
        this.onWritten = onWritten;
    }

    State state() {
        return state;
    }

    long compacted() {
        return compacted;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void run() {
        ArrayDeque<Job> jobs = new ArrayDeque<>();
        try {
            loop(jobs);
        } finally {
            StoreException closed = new StoreException("the store is closed");
            listeners.fail(closed);
            ended = true;
            jobs.addAll(large);
            queue.drainTo(jobs);
            jobs.forEach(job -> job.done().completeExceptionally(closed));
        }
    }

    private void loop(ArrayDeque<Job> jobs) {
        while (!stopped) {
            try {
                Job first = large.isEmpty() ? queue.poll(1, TimeUnit.SECONDS) : queue.poll();
                if (first != null) {
                    jobs.add(first);
                    queue.drainTo(jobs, BATCH - 1);
                }
            } catch (InterruptedException e) {
                // Nobody but the owner of the store ends it, and does so by a Stop job.
                LOG.debug("ignoring an interrupt", e);
            }
            while (!jobs.isEmpty() && !stopped) {
                runNext(jobs);
            }
            if (!large.isEmpty()) {
                writeLarge();
            }
            forgetOld();
        }
    }

    private void writeLarge() {
        List<Job.Write> writes = new ArrayList<>();
        long bytes = 0;
        while (!large.isEmpty() && (bytes == 0 || bytes + large.peek().bytes() <= LARGE_BATCH)) {
            bytes += large.peek().bytes();
            writes.add(large.remove());
        }
        write(writes);
    }

    private void runNext(ArrayDeque<Job> jobs) {
        switch (jobs.remove()) {
            case Job.Write write -> {
                List<Job.Write> writes = new ArrayList<>();
                sort(write, writes);
                while (jobs.peek() instanceof Job.Write next) {
                    sort(next, writes);
                    jobs.remove();
                }
                if (!writes.isEmpty()) {
                    write(writes);
                }
            }
            case Job.Watch watch -> watch(watch);
            case Job.Unwatch(StoreWatch.Listener listener, var done) -> {
                listeners.remove(listener);
                done.complete(0L);
            }
            case Job.Compact(long revision, var done) -> {
                try {
                    forgetBefore(revision);
                    done.complete(revision);
                } catch (SQLException | RuntimeException e) {
                    recover();
                    done.completeExceptionally(problem("cannot forget history of", e));
                }
            }
            case Job.Checkpoint(var done) -> {
                try {
                    database.checkpoint();
                } catch (SQLException e) {
                    LOG.warn("the log of {} is not copied now: {}", file, e.getMessage());
                }
                done.complete(0L);
            }
            case Job.Replace(StagedCopy copy, var done) -> {
                try {
                    done.complete(replace(copy));
                } catch (SQLException | IOException | RuntimeException | OutOfMemoryError e) {
                    done.completeExceptionally(failed(e));
                }
            }
            case Job.Stop(var done) -> {
                while (!large.isEmpty()) {
                    writeLarge();
                }
                stopped = true;
                done.complete(0L);
            }
        }
    }

    private void sort(Job.Write write, List<Job.Write> small) {
        if (write.bytes() < LARGE) {
            small.add(write);
        } else {
            large.add(write);
        }
    }

    private void write(List<Job.Write> writes) {
        StoreException dead = failure;
        if (dead != null) {
            WriteBatch.fail(writes, dead);
            return;
        }
        WriteBatch batch = new WriteBatch(database, state);
        try {
            for (Job.Write write : writes) {
                batch.add(write);
            }
            if (!batch.changes().isEmpty()) {
                database.commit();
            }
        } catch (SQLException | RuntimeException | OutOfMemoryError e) {
            WriteBatch.fail(writes, failed(e));
            return;
        }
        state = batch.state();
        for (Iterator<StoreWatch.Batch> changes = batch.changes().iterator(); changes.hasNext(); ) {
            StoreWatch.Batch change = changes.next();
            listeners.deliver(changes.hasNext() ? change.followed() : change);
        }
        batch.succeed();
        onWritten.accept(batch.bytes());
    }

    /**
     * What to tell the writers of a failed batch. After an I/O error nobody knows what is on the
     * disk: the batch may be there when the file is opened next, so nothing may be built upon its
     * absence.
     */
    private StoreException failed(Throwable cause) {
        if (Problems.isInputOutput(cause)) {
            giveUp(cause.getMessage(), cause);
            return new UnknownOutcomeException(
                    file
                            + " could not be written ("
                            + cause.getMessage()
                            + "): this write was made or not. Look after the disk and restart",
                    cause);
        }
        recover();
        return problem("cannot write to", cause);
    }

    /**
     * Takes back what a failed batch wrote. Should the file then not be where memory is, because a
     * commit half failed, memory would lie: writing ends until the store is opened again.
     */
    private void recover() {
        try {
            database.rollback();
            long newest = Math.max(database.newestRevision(), compacted);
            if (newest == state.revision()) {
                return;
            }
            giveUp("a failed write left revision " + newest + " in it", null);
        } catch (SQLException e) {
            giveUp(e.getMessage(), e);
        }
    }

    private void giveUp(@Nullable String why, @Nullable Throwable cause) {
        String message =
                "the store "
                        + file
                        + " takes no more writes ("
                        + why
                        + "): look after its disk and restart";
        failure = cause == null ? new StoreException(message) : new StoreException(message, cause);
        LOG.error(message, cause);
    }

    private void watch(Job.Watch watch) {
        try {
            if (watch.revision() < compacted) {
                throw new CompactedException(watch.revision(), compacted);
            }
            if (watch.revision() > state.revision()) {
                throw new IllegalArgumentException(
                        "revision " + watch.revision() + " is yet to come");
            }
            if (watch.revision() < state.revision()) {
                database.history(watch.revision(), watch.listener()::changed);
            }
            listeners.add(watch.listener());
            watch.done().complete(() -> queue.add(unwatch(watch.listener())));
        } catch (CompactedException | IllegalArgumentException e) {
            watch.done().completeExceptionally(e);
        } catch (SQLException | RuntimeException e) {
            watch.done().completeExceptionally(problem("cannot read history of", e));
        }
    }

    private static Job unwatch(StoreWatch.Listener listener) {
        return new Job.Unwatch(listener, new CompletableFuture<>());
    }

    /**
     * One transaction: whenever this process is killed, the file has the old state or the new one.
     * The reader waits meanwhile.
     */
    private SqliteBackup.Restored replace(StagedCopy copy) throws SQLException, IOException {
        StoreException dead = failure;
        if (dead != null) {
            throw dead;
        }
        long bytes = Files.size(copy.file());
        SqliteBackup.keep(file);
        long seen = state.revision();
        database.attach(copy.file());
        try {
            long newest = database.adopt(SqliteBackup.base(copy, seen));
            State restored = SqliteStore.load(database);
            database.commit();
            compacted = newest;
            state = restored;
        } finally {
            database.detach();
        }
        onWritten.accept(bytes);
        listeners.fail(new CompactedException(seen, compacted));
        return new SqliteBackup.Restored(copy.revision(), state.revision());
    }

    private void forgetOld() {
        long oldest = retention.oldestToKeep(state.revision(), System.nanoTime());
        if (stopped || failure != null || oldest - compacted < FORGET_STEP) {
            return;
        }
        try {
            forgetStep(compacted + FORGET_STEP);
        } catch (SQLException | RuntimeException e) {
            recover();
            LOG.warn("cannot forget old history of {} now: {}", file, e.getMessage());
        }
    }

    private void forgetBefore(long revision) throws SQLException {
        while (compacted < revision) {
            forgetStep(Math.min(revision, compacted + FORGET_STEP));
        }
    }

    private void forgetStep(long to) throws SQLException {
        long from = compacted + 1;
        // First the readers are turned away, then the versions go.
        compacted = to;
        database.forget(from, to);
        database.commit();
    }

    private StoreException problem(String what, Throwable e) {
        return Problems.of(what, file, e);
    }
}
