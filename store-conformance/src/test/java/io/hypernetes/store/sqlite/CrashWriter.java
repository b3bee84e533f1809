package io.hypernetes.store.sqlite;

import io.hypernetes.store.Operation;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that writes for ever and prints {@code key value revision} for each acknowledgement.
 */
final class CrashWriter {

    private static final int WRITERS = 16;

    private CrashWriter() {}

    public static void main(String[] args) throws InterruptedException {
        String round = args[1];
        SqliteStore store = SqliteStore.open(Path.of(args[0]), SqliteSettings.DEFAULT);
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out));
        for (int i = 0; i < WRITERS; i++) {
            String writer = "w" + i;
            Thread.ofPlatform().start(() -> write(store, writer, round, out));
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void write(SqliteStore store, String writer, String round, PrintStream out) {
        for (int n = 0; ; n++) {
            // The key of a writer alternates, so that every acknowledged value is either there or
            // was replaced by a later one of the same writer.
            String key = writer + "/" + n % 10;
            String value = round + ":" + n;
            TxnResult result =
                    store.commit(
                            new Txn(
                                    List.of(),
                                    List.of(
                                            new Operation.Put(
                                                    StoreKey.of(key),
                                                    value.getBytes(StandardCharsets.UTF_8)),
                                            new Operation.Put(
                                                    StoreKey.of(key + "/twin"),
                                                    value.getBytes(StandardCharsets.UTF_8)))));
            long revision = ((TxnResult.Committed) result).revision();
            synchronized (out) {
                out.println(key + " " + value + " " + revision);
            }
        }
    }
}
