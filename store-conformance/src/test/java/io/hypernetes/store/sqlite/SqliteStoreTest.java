package io.hypernetes.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Retention;
import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreConformance;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

class SqliteStoreTest extends StoreConformance {

    private static final StoreKey A = StoreKey.of("a");

    @TempDir Path directory;

    private Path file() {
        return directory.resolve("state.db");
    }

    @Override
    protected Store open() {
        return SqliteStore.open(file(), SqliteSettings.DEFAULT);
    }

    private void reopen(SqliteSettings settings) {
        store.close();
        store = SqliteStore.open(file(), settings);
    }

    @Test
    void everythingIsThereAfterReopening() {
        commit(Txn.create(A, bytes("1")));
        commit(Txn.replace(A, bytes("2"), 2));
        commit(Txn.create(StoreKey.of("b"), bytes("3")));
        commit(Txn.delete(StoreKey.of("b"), 4));
        reopen(SqliteSettings.DEFAULT);
        assertThat(store.revision()).isEqualTo(5);
        Entry entry = store.range(KeyRange.ALL, Store.LATEST, 0).entries().getFirst();
        assertThat(text(entry)).isEqualTo("2");
        assertThat(entry.createRevision()).isEqualTo(2);
        assertThat(entry.modRevision()).isEqualTo(3);
        assertThat(store.range(KeyRange.ALL, 4, 0).entries()).hasSize(2);
        assertThat(commit(Txn.replace(A, bytes("3"), 3))).isEqualTo(6);
    }

    @Test
    void theRevisionNeverGoesBackEvenWhenAllHistoryIsForgotten() {
        commit(Txn.create(A, bytes("1")));
        commit(Txn.delete(A, 2));
        store.compact(3);
        reopen(SqliteSettings.DEFAULT);
        assertThat(store.revision()).isEqualTo(3);
        assertThatThrownBy(() -> store.range(KeyRange.ALL, 2, 0))
                .isInstanceOf(CompactedException.class);
    }

    @Test
    void theFileIsReadableByItsOwnerOnly() throws IOException {
        commit(Txn.create(A, bytes("secret")));
        try (var files = Files.list(directory)) {
            assertThat(files.filter(f -> !f.toString().endsWith(".lock")))
                    .isNotEmpty()
                    .allSatisfy(f ->
                            assertThat(Files.getPosixFilePermissions(f))
                                    .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        }
    }

    @Test
    void aSecondOpenerIsToldWhoHasIt() {
        assertThatThrownBy(() -> SqliteStore.open(file(), SqliteSettings.DEFAULT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void whatWasReadAtTheOpeningIsShownOnceAndOnlyWhileItIsAll() {
        for (int i = 0; i < 50; i++) {
            commit(Txn.create(StoreKey.of("k" + i), new byte[10]));
        }
        commit(Txn.delete(StoreKey.of("k7"), 9));
        for (int round = 0; round < 2; round++) {
            reopen(SqliteSettings.DEFAULT);
            if (round == 1) {
                commit(Txn.create(StoreKey.of("later"), new byte[10]));
            }
            for (int i = 0; i < 2; i++) {
                List<ScannedEntry> shown = new ArrayList<>();
                try (Scan scan = store.scan(shown::addAll)) {
                    assertThat(scan.revision()).isEqualTo(store.revision());
                }
                assertThat(shown)
                        .hasSize(49 + round)
                        .extracting(ScannedEntry::key)
                        .containsExactlyElementsOf(
                                store.range(KeyRange.ALL, Store.LATEST, 0).entries().stream()
                                        .map(Entry::key)
                                        .toList());
            }
        }
    }

    /** The file is read by two threads, one from the middle of history on. */
    @Test
    void theNewestVersionCountsWhereverInHistoryItIs() {
        for (int i = 0; i < 60; i++) {
            commit(Txn.create(StoreKey.of("k" + i), bytes("old")));
        }
        for (int i = 0; i < 40; i++) {
            StoreKey key = StoreKey.of("k" + i);
            commit(i < 20 ? Txn.replace(key, bytes("new"), i + 2) : Txn.delete(key, i + 2));
        }
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            if (i < 20 || i >= 40) {
                wanted.put("k" + i, i < 20 ? "new" : "old");
            }
        }
        reopen(SqliteSettings.DEFAULT);
        Map<String, String> shown = new TreeMap<>();
        List<ScannedEntry> entries = new ArrayList<>();
        try (Scan scan = store.scan(entries::addAll)) {
            assertThat(scan.revision()).isEqualTo(101);
            entries.forEach(entry -> shown.put(entry.key().toString(), text(entry)));
        }
        assertThat(shown).isEqualTo(wanted);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        for (int i = 0; i < 200; i++) {
            commit(Txn.create(StoreKey.of("k" + i), new byte[2000]));
        }
        store.close();
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            byte[] rubbish = new byte[64 * 1024];
            java.util.Arrays.fill(rubbish, (byte) 0x5A);
            channel.write(ByteBuffer.wrap(rubbish), 8192);
        }
        assertThatThrownBy(() -> SqliteStore.open(file(), SqliteSettings.DEFAULT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
        Files.delete(file());
        store = open();
    }

    @Test
    void aFullDiskFailsTheWriteWithASentenceAndLosesNothing() {
        reopen(new SqliteSettings(Retention.FOREVER, 1 << 20));
        List<StoreKey> acknowledged = new ArrayList<>();
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 1000; i++) {
                                StoreKey key = StoreKey.of("k" + i);
                                store.commit(Txn.create(key, new byte[10_000]));
                                acknowledged.add(key);
                            }
                        })
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("disk is full")
                .hasMessageContaining("not made");
        assertThat(acknowledged).hasSizeGreaterThan(50);
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(acknowledged);
        // The same store goes on as far as there is room.
        assertThatThrownBy(() -> store.commit(Txn.create(A, new byte[100_000])))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("disk is full");
        reopen(SqliteSettings.DEFAULT);
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(acknowledged);
        commit(Txn.create(A, bytes("room again")));
    }

    private List<StoreKey> keys() {
        return store.range(KeyRange.ALL, Store.LATEST, 0).entries().stream()
                .map(Entry::key)
                .toList();
    }

    @Test
    void historyBeyondTheRetentionIsForgottenInTheFile() throws InterruptedException {
        reopen(new SqliteSettings(new Retention(Duration.ofDays(1), 100), 1L << 30));
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            StoreKey key = StoreKey.of("k" + i);
            writers.add(Thread.startVirtualThread(() -> overwrite(key, 40)));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThatThrownBy(() -> store.range(KeyRange.ALL, 1000, 0))
                .isInstanceOf(CompactedException.class);
        assertThat(store.range(KeyRange.ALL, 2500, 0).entries()).hasSize(64);
    }

    /** The store's thread is held in a watch until all of them wait. */
    @Test
    void whoWritesLittleDoesNotWaitForAllWhoWriteMuch() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        StoreWatch watch = store.watch(store.revision(), new Holding(held));
        List<String> order = new CopyOnWriteArrayList<>();
        List<Thread> writers = new ArrayList<>();
        writers.add(writing("first", 1, order));
        for (int i = 0; i < 3; i++) {
            writers.add(writing("large" + i, 1 << 20, order));
        }
        writers.add(writing("small", 1, order));
        held.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        watch.close();
        List<String> byRevision =
                store.range(KeyRange.ALL, Store.LATEST, 0).entries().stream()
                        .sorted(Comparator.comparingLong(Entry::modRevision))
                        .map(entry -> entry.key().toString())
                        .toList();
        assertThat(byRevision).hasSize(5);
        assertThat(order).as("all have their answer").hasSize(5);
        assertThat(byRevision.get(1)).contains("small");
    }

    private Thread writing(String key, int bytes, List<String> order) throws InterruptedException {
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            commit(Txn.create(StoreKey.of(key), new byte[bytes]));
                            order.add(key);
                        });
        while (!waitsForItsAnswer(writer)) {
            Thread.sleep(1);
        }
        return writer;
    }

    /** And not for the lock of the queue, before its transaction is in it. */
    private static boolean waitsForItsAnswer(Thread writer) {
        return writer.getState() == Thread.State.WAITING
                && Arrays.stream(writer.getStackTrace())
                        .anyMatch(frame ->
                                frame.getClassName().equals(CompletableFuture.class.getName()));
    }

    private record Holding(CountDownLatch held) implements StoreWatch.Listener {
        @Override
        public void changed(StoreWatch.Batch batch) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void failed(StoreException cause) {}
    }

    private void overwrite(StoreKey key, int times) {
        for (int i = 0; i < times; i++) {
            commit(new Txn(List.of(), List.of(new Operation.Put(key, bytes("" + i)))));
        }
    }
}
