package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A copy of some tables that the server keeps up to date (RFC 7047 section 4.1.5).
 *
 * <p>The server sends updates before the reply to the transaction that made them, so a thread sees
 * its own writes. While the connection is down the copy stays as it was and is read anew after.
 */
public final class Replica implements Monitored {

    private final Map<String, List<String>> columns;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Table to uuid to row; guarded by {@link #lock}. */
    private final Map<String, Map<String, Row>> tables = new HashMap<>();

    /**
     * @param columns the columns of each table that are wanted
     */
    Replica(Map<String, List<String>> columns) {
        this.columns = Map.copyOf(columns);
    }

    @Override
    public Map<String, List<String>> columns() {
        return columns;
    }

    /** The rows of a table at this moment. */
    public List<Row> rows(String table) {
        lock.lock();
        try {
            return List.copyOf(of(table));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something is found in the rows of a table.
     *
     * @return what was found, or nothing when the time is over
     */
    public <T> Optional<T> await(
            String table, Function<Collection<Row>, Optional<T>> finder, Duration timeout)
            throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<T> found = finder.apply(of(table));
                if (found.isPresent() || left <= 0) {
                    return found;
                }
                left = changed.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(60)));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset(JsonNode updates) {
        lock.lock();
        try {
            tables.clear();
            merge(updates);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void apply(JsonNode updates) {
        lock.lock();
        try {
            merge(updates);
        } finally {
            lock.unlock();
        }
    }

    private Collection<Row> of(String table) {
        return tables.getOrDefault(table, Map.of()).values();
    }

    private void merge(JsonNode updates) {
        for (Map.Entry<String, JsonNode> table : updates.properties()) {
            Map<String, Row> rows = tables.computeIfAbsent(table.getKey(), _ -> new HashMap<>());
            for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
                if (row.getValue().path("new") instanceof ObjectNode values) {
                    rows.put(row.getKey(), new Row(row.getKey(), values));
                } else {
                    rows.remove(row.getKey());
                }
            }
        }
        changed.signalAll();
    }
}
