package io.hypernetes.store.sqlite;

import io.hypernetes.store.Entry;
import io.hypernetes.store.Operation;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.sorted.SortedTree;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Transactions that become durable with one fsync. Each sees those before it; nobody is told
 * anything before all are durable, not even of a conflict, for that may be a conflict with one of
 * them.
 */
final class WriteBatch {

    private record Outcome(Job.Write write, TxnResult result) {}

    /** What a row costs in pages beside its value: the index and half-empty pages, roughly. */
    private static final int ROW_BYTES = 2_000;

    private final Database database;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<StoreWatch.Batch> changes = new ArrayList<>();
    private State state;
    private long bytes;

    WriteBatch(Database database, State state) {
        this.database = database;
        this.state = state;
    }

    void add(Job.Write write) throws SQLException {
        Optional<TxnResult.Conflict> conflict =
                write.txn().conflict(key -> version(key).map(Version::modRevision).orElse(0L));
        TxnResult result = conflict.isPresent() ? conflict.get() : apply(write.txn());
        outcomes.add(new Outcome(write, result));
    }

    private Optional<Version> version(StoreKey key) {
        return state.keys().get(key);
    }

    private TxnResult apply(Txn txn) throws SQLException {
        long revision = state.revision() + 1;
        SortedTree<Version> keys = state.keys();
        List<StoreEvent> events = new ArrayList<>(txn.operations().size());
        for (Operation operation : txn.operations()) {
            StoreKey key = operation.key();
            Optional<Version> before = version(key);
            switch (operation) {
                case Operation.Put(_, byte[] value) -> {
                    long created = before.map(Version::createRevision).orElse(revision);
                    database.insert(revision, events.size(), key, created, value);
                    bytes += value.length + ROW_BYTES;
                    keys = keys.put(key, new Version(created, revision));
                    events.add(new StoreEvent.Put(new Entry(key, value, created, revision)));
                }
                case Operation.Delete _ -> {
                    if (before.isPresent()) {
                        long created = before.get().createRevision();
                        database.insert(revision, events.size(), key, created, null);
                        keys = keys.remove(key);
                        events.add(new StoreEvent.Delete(key));
                    }
                }
            }
        }
        if (events.isEmpty()) {
            return new TxnResult.Committed(state.revision());
        }
        state = new State(revision, keys);
        changes.add(new StoreWatch.Batch(revision, List.copyOf(events)));
        return new TxnResult.Committed(revision);
    }

    /** The state after all of them. */
    State state() {
        return state;
    }

    /** What they changed, for watches. */
    List<StoreWatch.Batch> changes() {
        return changes;
    }

    /** About how much they made the log longer. */
    long bytes() {
        return bytes;
    }

    void succeed() {
        outcomes.forEach(outcome -> outcome.write().done().complete(outcome.result()));
    }

    static void fail(List<Job.Write> writes, StoreException cause) {
        writes.forEach(write -> write.done().completeExceptionally(cause));
    }
}
