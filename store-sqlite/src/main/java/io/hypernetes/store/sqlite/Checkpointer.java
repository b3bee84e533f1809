package io.hypernetes.store.sqlite;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Copies the write-ahead log into the file, on a thread and a connection of its own: the committer
 * writes on meanwhile. A copy that runs beside a writer never quite catches up, and the log begins
 * anew only when it has been copied to its end; so once the log is long the committer is asked to
 * copy the little that is left, between two batches.
 */
final class Checkpointer implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

    /** The log is copied each time so much has been written to it. */
    private static final long STEP_BYTES = 4 << 20;

    /** When the log has so many pages it is to begin anew: 32 MiB. */
    private static final int LONG_LOG = 8192;

    /** So much the committer may copy, a few milliseconds' work. */
    private static final int SHORT_REST = 1024;

    /** How much of the log has been copied. */
    record Progress(int log, int copied) {
        int rest() {
            return log - copied;
        }
    }

    private final Database database;

    /** Has the committer copy the rest; false when it has ended. */
    private final BooleanSupplier finish;

    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    /** Bytes since the last copy; of the committer alone. */
    private long written;

    Checkpointer(Database database, BooleanSupplier finish) {
        this.database = database;
        this.finish = finish;
        this.thread = Thread.ofPlatform().daemon().name("store-checkpointer").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Called by the committer after each batch. */
    void wrote(long bytes) {
        written += bytes;
        if (written >= STEP_BYTES) {
            written = 0;
            wanted.release();
        }
    }

    @Override
    public void run() {
        while (true) {
            wanted.acquireUninterruptibly();
            wanted.drainPermits();
            if (closed) {
                return;
            }
            try {
                Progress progress = database.checkpoint();
                if (progress.log() > LONG_LOG
                        && progress.rest() < SHORT_REST
                        && !finish.getAsBoolean()) {
                    return;
                }
            } catch (SQLException e) {
                // The log only grows for now; the next step tries again.
                LOG.warn("the write-ahead log is not copied now: {}", e.getMessage());
            }
        }
    }

    /** Returns when nothing runs any more; the database may then be closed. */
    @Override
    public void close() {
        closed = true;
        wanted.release();
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
