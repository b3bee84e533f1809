package io.hypernetes.store.crash;

import io.hypernetes.store.Compare;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Retention;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.UnknownOutcomeException;
import io.hypernetes.store.etcd.EtcdSettings;
import io.hypernetes.store.etcd.EtcdStore;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A program that reads and writes a few keys from many threads until it is killed, and prints each
 * call before it makes it, each answer after it has it, and what a watch delivers. Each line is one
 * write to a pipe, so the order of lines is an order of time.
 *
 * <pre>
 * call   NUMBER KEY read | put VALUE | swap EXPECTED VALUE    (- is absent)
 * return NUMBER value VALUE | done REVISION | refused
 * seen   REVISION KEY VALUE
 * </pre>
 */
final class HistoryWriter {

    private static final Retention RETENTION = Retention.FOREVER;
    private static final int WRITERS = 8;
    private static final int KEYS = 4;

    private final Store store;
    private final String round;
    private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out));

    private HistoryWriter(Store store, String round) {
        this.store = store;
        this.round = round;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Store store = open(arguments[0]);
        HistoryWriter writer = new HistoryWriter(store, arguments[1]);
        store.watch(store.revision(), writer.new Seen());
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            Thread.ofPlatform().start(() -> writer.write(number));
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    /**
     * @param place {@code etcd://HOST:PORT}, or SQLite's file. All history is kept
     */
    static Store open(String place) {
        return place.startsWith(EtcdSettings.SCHEME)
                ? EtcdStore.open(
                        EtcdSettings.of(EtcdSettings.members(place)).withCompaction(Duration.ZERO))
                : SqliteStore.open(Path.of(place), new SqliteSettings(RETENTION, 1L << 30));
    }

    private void say(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.write(bytes, 0, bytes.length);
            out.flush();
        }
    }

    private void write(int writer) {
        Random random = new Random(writer * 7919L + round.hashCode());
        for (int n = 0; ; n++) {
            int number = n * WRITERS + writer;
            String key = "k" + random.nextInt(KEYS);
            Optional<String> value =
                    random.nextInt(5) == 0 ? Optional.empty() : Optional.of(round + "." + number);
            if (random.nextInt(4) == 0) {
                call(number, key, "put " + text(value));
                answer(number, new Txn(List.of(), List.of(operation(key, value))));
            } else {
                swap(number, key, value);
            }
        }
    }

    /** A read and then a change that holds only if nothing came between. */
    private void swap(int number, String key, Optional<String> value) {
        int reading = -1 - number;
        call(reading, key, "read");
        Optional<Entry> found =
                store.range(KeyRange.ofKey(StoreKey.of(key)), Store.LATEST, 0).entries().stream()
                        .findFirst();
        Optional<String> expected =
                found.map(entry -> new String(entry.value(), StandardCharsets.UTF_8));
        say("return " + reading + " value " + text(expected));
        if (expected.isEmpty() && value.isEmpty()) {
            return;
        }
        StoreKey storeKey = StoreKey.of(key);
        Compare compare =
                found.isPresent()
                        ? new Compare.AtRevision(storeKey, found.get().modRevision())
                        : new Compare.Absent(storeKey);
        call(number, key, "swap " + text(expected) + " " + text(value));
        answer(number, new Txn(List.of(compare), List.of(operation(key, value))));
    }

    private void call(int number, String key, String action) {
        say("call " + number + " " + key + " " + action);
    }

    private void answer(int number, Txn txn) {
        try {
            switch (store.commit(txn)) {
                case TxnResult.Committed(long revision) ->
                        say("return " + number + " done " + revision);
                case TxnResult.Conflict _ -> say("return " + number + " refused");
            }
        } catch (UnknownOutcomeException _) {
            // No answer, as if this program had been killed now.
        } catch (StoreException e) {
            throw new IllegalStateException("the disk is in order, so this must not be", e);
        }
    }

    private static Operation operation(String key, Optional<String> value) {
        StoreKey storeKey = StoreKey.of(key);
        return value.isPresent()
                ? new Operation.Put(storeKey, value.get().getBytes(StandardCharsets.UTF_8))
                : new Operation.Delete(storeKey);
    }

    static String text(Optional<String> value) {
        return value.orElse("-");
    }

    /** One word for what became of a key. */
    static String text(StoreEvent event) {
        return switch (event) {
            case StoreEvent.Put(Entry entry) -> new String(entry.value(), StandardCharsets.UTF_8);
            case StoreEvent.Delete _ -> "-";
        };
    }

    private final class Seen implements StoreWatch.Listener {
        @Override
        public void changed(StoreWatch.Batch batch) {
            // None where an etcd tells only how far it is.
            for (StoreEvent event : batch.events()) {
                say("seen " + batch.revision() + " " + event.key() + " " + text(event));
            }
        }

        @Override
        public void failed(StoreException cause) {
            say("failed " + cause.getMessage());
        }
    }
}
