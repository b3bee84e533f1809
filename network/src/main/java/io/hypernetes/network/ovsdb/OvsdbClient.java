package io.hypernetes.network.ovsdb;

import io.hypernetes.network.ovsdb.OvsdbException.Reason;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One database of an OVSDB server. Connects by itself, again after every loss, and then brings its
 * replicas up to date.
 *
 * <p>A call that meets a loss fails with {@link Reason#DISCONNECTED} and is not repeated here: only
 * the caller knows whether its transaction may be done twice.
 */
public final class OvsdbClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OvsdbClient.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(20);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(2);

    private final Remote server;
    private final String database;
    private final Duration timeout;
    private final List<Monitored> monitored = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition connected = lock.newCondition();
    private final Thread keeper;

    /** The living connection; guarded by {@link #lock}. */
    private @Nullable Connection connection;

    private volatile boolean closed;

    /**
     * @param server need not run yet
     * @param database for instance {@code OVN_Northbound}
     * @param timeout of every call, waiting for a connection included
     */
    public OvsdbClient(Remote server, String database, Duration timeout) {
        this.server = server;
        this.database = database;
        this.timeout = timeout;
        this.keeper = Thread.ofVirtual().name("ovsdb-" + database).start(this::keepConnected);
    }

    /**
     * Does all operations or none.
     *
     * @throws OvsdbException when the server refuses or there is no answer
     */
    public Results transact(Transaction transaction) {
        ArrayNode params = JsonNodeFactory.instance.arrayNode().add(database);
        params.addAll(transaction.operations());
        JsonNode result = call("transact", params);
        return Results.check(result, transaction.operations().size(), database);
    }

    /** A copy of these columns of these tables, filled when this returns. */
    public Replica replicate(Map<String, List<String>> columns) {
        Replica replica = new Replica(columns);
        monitor(replica);
        return replica;
    }

    /**
     * Tells of the rows of a table, first of those that are there, which are told at the return.
     */
    public void listen(String table, List<String> columns, RowListener listener) {
        monitor(new RowFeed(table, columns, listener));
    }

    private void monitor(Monitored fresh) {
        // Listed before it is filled: a reconnection in between fills it too, which does no harm.
        monitored.add(fresh);
        fill(awaitConnection(), fresh);
    }

    @Override
    public void close() {
        closed = true;
        keeper.interrupt(); // closes the channel that it reads or waits on
        lock.lock();
        try {
            if (connection != null) {
                connection.close();
            }
            connected.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private JsonNode call(String method, ArrayNode params) {
        return awaitConnection().call(method, params, timeout);
    }

    private Connection awaitConnection() {
        long left = timeout.toNanos();
        try {
            lock.lockInterruptibly();
            try {
                while (connection == null && left > 0 && !closed) {
                    left = connected.awaitNanos(left);
                }
                if (connection == null) {
                    throw new OvsdbException(
                            closed ? Reason.DISCONNECTED : Reason.TIMED_OUT,
                            "no connection to the database "
                                    + database
                                    + " at "
                                    + server.text()
                                    + ": is its ovsdb-server running?");
                }
                return connection;
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OvsdbException(Reason.TIMED_OUT, "interrupted while connecting", e);
        }
    }

    private void keepConnected() {
        Duration backoff = FIRST_BACKOFF;
        while (!closed) {
            try (Connection fresh = Connection.open(server)) {
                backoff = FIRST_BACKOFF;
                Thread.ofVirtual().name("ovsdb-fill-" + database).start(() -> begin(fresh));
                fresh.readUntilEnd();
            } catch (IOException | OvsdbException e) {
                if (!closed) {
                    log.debug("{} at {}: {}", database, server.text(), e.getMessage());
                }
            } finally {
                set(null);
            }
            try {
                if (!closed) {
                    TimeUnit.MILLISECONDS.sleep(backoff.toMillis());
                }
            } catch (InterruptedException e) {
                return; // only close interrupts this thread
            }
            backoff =
                    backoff.multipliedBy(2).compareTo(LAST_BACKOFF) < 0
                            ? backoff.multipliedBy(2)
                            : LAST_BACKOFF;
        }
    }

    /** Callers get the connection only after the replicas are new. */
    private void begin(Connection fresh) {
        try {
            monitored.forEach(one -> fill(fresh, one));
            set(fresh);
        } catch (OvsdbException e) {
            log.warn("{} at {} cannot be monitored: {}", database, server.text(), e.getMessage());
            fresh.close();
        }
    }

    private void set(@Nullable Connection value) {
        lock.lock();
        try {
            connection = value != null && value.isOpen() ? value : null;
            connected.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fill(Connection on, Monitored fresh) {
        ObjectNode requests = JsonNodeFactory.instance.objectNode();
        fresh.columns()
                .forEach((table, columns) -> {
                    ArrayNode names = JsonNodeFactory.instance.arrayNode();
                    columns.forEach(names::add);
                    requests.putObject(table).set("columns", names);
                });
        on.monitor(database, requests, fresh, timeout);
    }
}
