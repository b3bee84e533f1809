package io.hypernetes.server.observe;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.RangeResult;
import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;

import java.util.List;
import java.util.function.Consumer;

/** A store whose operations are timed. */
public final class MeasuredStore implements Store {
    private final Store store;
    private final ServerMetrics metrics;

    public MeasuredStore(Store store, ServerMetrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public boolean isShared() {
        return store.isShared();
    }

    @Override
    public void requestProgress() {
        store.requestProgress();
    }

    @Override
    public RangeResult range(KeyRange range, long revision, int limit) {
        long begin = System.nanoTime();
        String result = "error";
        try {
            RangeResult read = store.range(range, revision, limit);
            result = "ok";
            return read;
        } finally {
            metrics.stored("range", result, System.nanoTime() - begin);
        }
    }

    @Override
    public Scan scan(Consumer<List<? extends ScannedEntry>> to) {
        return store.scan(to);
    }

    @Override
    public TxnResult commit(Txn txn) {
        long begin = System.nanoTime();
        String result = "error";
        try {
            TxnResult done = store.commit(txn);
            result = done instanceof TxnResult.Committed ? "ok" : "conflict";
            return done;
        } finally {
            metrics.stored("commit", result, System.nanoTime() - begin);
        }
    }

    @Override
    public StoreWatch watch(long revision, StoreWatch.Listener listener) {
        return store.watch(revision, listener);
    }

    @Override
    public void compact(long revision) {
        long begin = System.nanoTime();
        String result = "error";
        try {
            store.compact(revision);
            result = "ok";
        } finally {
            metrics.stored("compact", result, System.nanoTime() - begin);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
