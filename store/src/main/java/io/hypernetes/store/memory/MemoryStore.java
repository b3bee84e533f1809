package io.hypernetes.store.memory;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Listeners;
import io.hypernetes.store.Operation;
import io.hypernetes.store.RangeResult;
import io.hypernetes.store.Retention;
import io.hypernetes.store.RetentionClock;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.sorted.SortedTree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A store in memory. Its history is the list of its past states, which share what is the same. */
public final class MemoryStore implements Store {

    private record State(SortedTree<Entry> tree, StoreWatch.Batch change) {}

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final TreeMap<Long, State> history = new TreeMap<>();
    private final Listeners listeners = new Listeners();
    private final RetentionClock retention;
    private State current = new State(SortedTree.empty(), new StoreWatch.Batch(1, List.of()));
    private boolean closed;

    public MemoryStore() {
        this(Retention.DEFAULT);
    }

    public MemoryStore(Retention retention) {
        this.retention = new RetentionClock(retention);
        history.put(1L, current);
    }

    @Override
    public long revision() {
        return locked(() -> current.change().revision());
    }

    @Override
    public RangeResult range(KeyRange range, long revision, int limit) {
        State state = locked(() -> revision == LATEST ? current : at(revision));
        List<Entry> entries = state.tree().values(range, limit);
        boolean more = limit > 0 && state.tree().count(range) > entries.size();
        return new RangeResult(state.change().revision(), entries, more);
    }

    private State at(long revision) {
        requirePast(revision);
        requireKept(revision);
        return history.floorEntry(revision).getValue();
    }

    private void requirePast(long revision) {
        if (revision > current.change().revision()) {
            throw new IllegalArgumentException("revision " + revision + " is yet to come");
        }
    }

    private void requireKept(long revision) {
        if (revision < history.firstKey()) {
            throw new CompactedException(revision, history.firstKey());
        }
    }

    @Override
    public TxnResult commit(Txn txn) {
        return locked(() -> {
            Optional<TxnResult.Conflict> conflict = txn.conflict(this::modRevision);
            if (conflict.isPresent()) {
                return conflict.get();
            }
            long next = current.change().revision() + 1;
            List<StoreEvent> events = new ArrayList<>(txn.operations().size());
            SortedTree<Entry> tree = current.tree();
            for (Operation operation : txn.operations()) {
                tree = apply(tree, operation, next, events);
            }
            if (events.isEmpty()) {
                return new TxnResult.Committed(next - 1);
            }
            publish(new State(tree, new StoreWatch.Batch(next, List.copyOf(events))));
            return new TxnResult.Committed(next);
        });
    }

    private long modRevision(StoreKey key) {
        return current.tree().get(key).map(Entry::modRevision).orElse(0L);
    }

    private static SortedTree<Entry> apply(
            SortedTree<Entry> tree, Operation operation, long revision, List<StoreEvent> events) {
        StoreKey key = operation.key();
        return switch (operation) {
            case Operation.Put(_, byte[] value) -> {
                long created = tree.get(key).map(Entry::createRevision).orElse(revision);
                Entry entry = new Entry(key, value, created, revision);
                events.add(new StoreEvent.Put(entry));
                yield tree.put(key, entry);
            }
            case Operation.Delete _ -> {
                SortedTree<Entry> without = tree.remove(key);
                if (without != tree) {
                    events.add(new StoreEvent.Delete(key));
                }
                yield without;
            }
        };
    }

    private void publish(State state) {
        current = state;
        history.put(state.change().revision(), state);
        forgetBefore(retention.oldestToKeep(state.change().revision(), System.nanoTime()));
        listeners.deliver(state.change());
    }

    @Override
    public StoreWatch watch(long revision, StoreWatch.Listener listener) {
        return locked(() -> {
            requirePast(revision);
            requireKept(revision);
            for (State past : history.tailMap(revision, false).values()) {
                listener.changed(past.change());
            }
            listeners.add(listener);
            return () -> remove(listener);
        });
    }

    private void remove(StoreWatch.Listener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void compact(long revision) {
        locked(() -> {
            requirePast(revision);
            forgetBefore(revision);
            return revision;
        });
    }

    private void forgetBefore(long revision) {
        while (history.firstKey() < revision) {
            history.pollFirstEntry();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                listeners.fail(new StoreException("the store is closed"));
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException("the store is closed");
            }
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
