package io.hypernetes.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

class SqliteBackupTest {

    private static final StoreKey A = StoreKey.of("a");
    private static final StoreKey B = StoreKey.of("b");

    @TempDir Path directory;

    private Path file() {
        return directory.resolve("state.db");
    }

    private Store open() {
        return SqliteStore.open(file(), SqliteSettings.DEFAULT);
    }

    private static long put(Store store, String value, StoreKey... keys) {
        List<Operation> puts =
                List.of(keys).stream()
                        .<Operation>map(key -> new Operation.Put(key, bytes(value)))
                        .toList();
        return ((TxnResult.Committed) store.commit(new Txn(List.of(), puts))).revision();
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> values(Store store) {
        return store.range(KeyRange.ALL, Store.LATEST, 0).entries().stream()
                .map(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aCopyMadeWhileOthersWriteIsOfOneRevision() throws InterruptedException {
        Path copy = directory.resolve("copy.db");
        AtomicBoolean ended = new AtomicBoolean();
        long revision;
        try (Store store = open()) {
            Thread writer =
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; !ended.get(); i++) {
                            put(store, "" + i, A, B);
                        }
                    });
            while (store.revision() < 50) {
                Thread.sleep(1);
            }
            revision = SqliteBackup.backup(file(), copy);
            ended.set(true);
            writer.join();
            assertThat(revision).isBetween(50L, store.revision());
        }
        try (Store store = SqliteStore.open(copy, SqliteSettings.DEFAULT)) {
            assertThat(store.revision()).isEqualTo(revision);
            assertThat(values(store)).hasSize(2);
            assertThat(values(store).get(0)).isEqualTo(values(store).get(1));
        }
    }

    @Test
    void aRestoredStoreHasTheCopysStateAndARevisionThatNobodyHasSeen() {
        Path copy = directory.resolve("copy.db");
        long seen;
        try (Store store = open()) {
            put(store, "old", A);
            SqliteBackup.backup(file(), copy);
            put(store, "new", A);
            seen = put(store, "new", B);
        }
        SqliteBackup.Restored restored = SqliteBackup.restore(copy, file());
        assertThat(restored.copied()).isEqualTo(2);
        assertThat(restored.revision()).isGreaterThan(seen + 1_000_000);
        try (Store store = open()) {
            assertThat(values(store)).containsExactly("old");
            assertThat(store.revision()).isEqualTo(restored.revision());
            assertThatThrownBy(() -> store.range(KeyRange.ALL, seen, 0))
                    .isInstanceOf(CompactedException.class);
            Entry entry = store.range(KeyRange.ofKey(A), Store.LATEST, 0).entries().getFirst();
            assertThat(store.commit(Txn.replace(A, new byte[0], entry.modRevision())))
                    .isEqualTo(new TxnResult.Committed(restored.revision() + 1));
        }
        assertThat(directory.resolve("state.db.replaced")).exists();
    }

    @Test
    void aDamagedStoreCanBeReplaced() throws IOException {
        Path copy = directory.resolve("copy.db");
        try (Store store = open()) {
            put(store, "old", A);
            SqliteBackup.backup(file(), copy);
        }
        Files.writeString(file(), "rubbish");
        SqliteBackup.restore(copy, file());
        try (Store store = open()) {
            assertThat(values(store)).containsExactly("old");
        }
    }

    @Test
    void wrongFilesAreRefusedWithASentenceAndChangeNothing() throws IOException {
        try (Store store = open()) {
            put(store, "mine", A);
        }
        Path rubbish = Files.writeString(directory.resolve("rubbish"), "x".repeat(10_000));
        assertThatThrownBy(() -> SqliteBackup.restore(rubbish, file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is no copy of a store");
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> SqliteBackup.restore(empty, file()))
                .hasMessageContaining("is no copy of a store");
        assertThatThrownBy(() -> SqliteBackup.restore(directory.resolve("none"), file()))
                .hasMessageContaining("there is no file");
        try (Store store = open()) {
            assertThat(values(store)).containsExactly("mine");
        }
    }

    @Test
    void aServedStoreIsNotReplaced() {
        Path copy = directory.resolve("copy.db");
        try (Store store = open()) {
            put(store, "mine", A);
            SqliteBackup.backup(file(), copy);
            assertThatThrownBy(() -> SqliteBackup.restore(copy, file()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use by process");
            put(store, "still here", B);
        }
    }

    @Test
    void aStoreThatIsServedTakesTheStateOfACopyAtOnce() {
        Path copy = directory.resolve("copy.db");
        long newest;
        try (SqliteStore store = SqliteStore.open(file(), SqliteSettings.DEFAULT)) {
            put(store, "old", A);
            SqliteBackup.backup(file(), copy);
            put(store, "new", A);
            long seen = put(store, "new", B);
            List<StoreException> failures = new ArrayList<>();
            store.watch(
                    seen,
                    new StoreWatch.Listener() {
                        @Override
                        public void changed(StoreWatch.Batch batch) {}

                        @Override
                        public void failed(StoreException cause) {
                            failures.add(cause);
                        }
                    });

            SqliteBackup.Restored restored;
            try (StagedCopy staged = store.stage(copy)) {
                restored = store.replace(staged);
            }

            assertThat(restored.copied()).isEqualTo(2);
            assertThat(restored.revision()).isGreaterThan(seen + 1_000_000);
            assertThat(values(store)).containsExactly("old");
            assertThat(store.revision()).isEqualTo(restored.revision());
            assertThat(failures).singleElement().isInstanceOf(CompactedException.class);
            assertThatThrownBy(() -> store.range(KeyRange.ALL, seen, 0))
                    .isInstanceOf(CompactedException.class);
            Entry entry = store.range(KeyRange.ofKey(A), Store.LATEST, 0).entries().getFirst();
            assertThat(entry.modRevision()).as("never used before").isGreaterThan(seen);
            assertThat(store.commit(Txn.replace(A, bytes("later"), entry.modRevision())))
                    .isEqualTo(new TxnResult.Committed(restored.revision() + 1));
            newest = put(store, "later", B);
            try (Store replaced =
                    SqliteStore.open(
                            directory.resolve("state.db.replaced"), SqliteSettings.DEFAULT)) {
                assertThat(values(replaced)).containsExactly("new", "new");
            }
            assertThat(directory.resolve("state.db.staged")).doesNotExist();
        }
        try (Store store = open()) {
            assertThat(store.revision()).isEqualTo(newest);
            assertThat(values(store)).containsExactly("later", "later");
        }
    }

    @Test
    void whoReadsDuringARestoreSeesOneStateOrTheOther() throws InterruptedException {
        Path copy = directory.resolve("copy.db");
        try (SqliteStore store = SqliteStore.open(file(), SqliteSettings.DEFAULT)) {
            put(store, "old", A, B);
            SqliteBackup.backup(file(), copy);
            put(store, "new", A, B);
            Set<List<String>> seen = ConcurrentHashMap.newKeySet();
            AtomicBoolean ended = new AtomicBoolean();
            Thread reader =
                    Thread.startVirtualThread(() -> {
                        while (!ended.get()) {
                            seen.add(values(store));
                        }
                    });
            for (int i = 0; i < 10; i++) {
                try (StagedCopy staged = store.stage(copy)) {
                    store.replace(staged);
                }
                put(store, "new", A, B);
            }
            ended.set(true);
            reader.join();
            assertThat(seen).isSubsetOf(List.of("old", "old"), List.of("new", "new"));
        }
    }

    @Test
    void aStoreThatIsServedRefusesWhatIsNoCopyAndGoesOn() throws IOException {
        Path rubbish = Files.writeString(directory.resolve("rubbish"), "x".repeat(10_000));
        try (SqliteStore store = SqliteStore.open(file(), SqliteSettings.DEFAULT)) {
            put(store, "mine", A);
            assertThatThrownBy(() -> store.stage(rubbish))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is no copy of a store");
            StagedCopy damaged = new StagedCopy(rubbish, 7);
            assertThatThrownBy(() -> store.replace(damaged)).isInstanceOf(StoreException.class);
            put(store, "still here", B);
            assertThat(values(store)).containsExactly("mine", "still here");
        }
    }

    @Test
    void aCopyIsItsOwnersAloneAndNeverReplacesAFile() throws IOException {
        Path copy = directory.resolve("copy.db");
        try (Store store = open()) {
            put(store, "secret", A);
            SqliteBackup.backup(file(), copy);
            assertThat(Files.getPosixFilePermissions(copy))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> SqliteBackup.backup(file(), copy))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("exists");
        }
    }
}
