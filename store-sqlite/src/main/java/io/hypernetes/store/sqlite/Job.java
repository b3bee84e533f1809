package io.hypernetes.store.sqlite;

import io.hypernetes.store.Operation;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;

import java.util.concurrent.CompletableFuture;

/** What the committer is asked to do, in the order of asking. */
sealed interface Job {

    CompletableFuture<?> done();

    record Write(Txn txn, CompletableFuture<TxnResult> done) implements Job {
        /** Of all its values. */
        long bytes() {
            long bytes = 0;
            for (Operation operation : txn.operations()) {
                if (operation instanceof Operation.Put(_, byte[] value)) {
                    bytes += value.length;
                }
            }
            return bytes;
        }
    }

    record Watch(long revision, StoreWatch.Listener listener, CompletableFuture<StoreWatch> done)
            implements Job {}

    record Unwatch(StoreWatch.Listener listener, CompletableFuture<Long> done) implements Job {}

    record Compact(long revision, CompletableFuture<Long> done) implements Job {}

    /** Copies the rest of a long log into the file. */
    record Checkpoint(CompletableFuture<Long> done) implements Job {}

    /** Puts the state of a copy in the place of this one. */
    record Replace(StagedCopy copy, CompletableFuture<SqliteBackup.Restored> done) implements Job {}

    record Stop(CompletableFuture<Long> done) implements Job {}
}
