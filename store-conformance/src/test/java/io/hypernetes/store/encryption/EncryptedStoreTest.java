package io.hypernetes.store.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.sqlite.SqliteBackup;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tenants' own keys over a file: what lies in it, and what ends with a tenant. */
class EncryptedStoreTest {
    private static final StoreKey ACMES = StoreKey.of("/secrets/acme/default/gold");
    private static final StoreKey GLOBEX = StoreKey.of("/secrets/globex/default/gold");
    private static final StoreKey MAP = StoreKey.of("/configmaps/acme/default/map");
    private static final StoreKey TENANT = StoreKey.of("hypernetes.io/tenants/system//acme");
    private static final String GOLD = "{\"plain\":\"the-gold-of-acme\"}";

    @TempDir private Path folder;
    private SqliteStore file;
    private EncryptedStore store;

    @BeforeEach
    void start() {
        open("secrets");
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private void open(String... kinds) {
        file = SqliteStore.open(folder.resolve("state.db"), SqliteSettings.DEFAULT);
        store = over(file, kinds);
    }

    private EncryptedStore over(Store below, String... kinds) {
        return EncryptedStore.open(
                below,
                EncryptedKinds.of(List.of(kinds)),
                new KeyRing(
                        folder.resolve("keys"), MasterKey.ofFile(folder.resolve("master.key"))));
    }

    private void reopen(String... kinds) {
        store.close();
        open(kinds);
    }

    private void put(StoreKey key, String value) {
        store.commit(
                new Txn(
                        List.of(),
                        List.of(new Operation.Put(key, value.getBytes(StandardCharsets.UTF_8)))));
    }

    private static Optional<String> value(Store from, StoreKey key) {
        return from.range(KeyRange.ofKey(key), Store.LATEST, 1).entries().stream()
                .map(Entry::value)
                .map(value -> new String(value, StandardCharsets.ISO_8859_1))
                .findFirst();
    }

    /** Whether the text is anywhere in the store's files. */
    private boolean lies(String text) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(path, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theFileHasNoWordOfASecret() throws IOException {
        put(ACMES, GOLD);
        put(MAP, "{\"plain\":\"a-map\"}");
        assertThat(value(store, ACMES)).contains(GOLD);
        assertThat(lies("the-gold-of-acme")).isFalse();
        assertThat(lies("a-map")).isTrue();
        store.compact(store.revision());
        reopen("secrets");
        assertThat(value(store, ACMES)).contains(GOLD);
        assertThat(lies("the-gold-of-acme")).isFalse();
    }

    @Test
    void twoTenantsHaveTwoKeysAndTheSameValueLooksDifferent() {
        put(ACMES, GOLD);
        put(GLOBEX, GOLD);
        String first = value(file, ACMES).orElseThrow();
        String second = value(file, GLOBEX).orElseThrow();
        assertThat(first.substring(0, 22))
                .startsWith("enc1:")
                .isNotEqualTo(second.substring(0, 22));
        put(ACMES, GOLD);
        assertThat(value(file, ACMES).orElseThrow()).isNotEqualTo(first);
    }

    @Test
    void aValueThatIsCopiedToAnotherKeyDoesNotOpen() {
        put(ACMES, GOLD);
        byte[] sealed = value(file, ACMES).orElseThrow().getBytes(StandardCharsets.ISO_8859_1);
        StoreKey other = StoreKey.of("/secrets/acme/default/other");
        file.commit(Txn.create(other, sealed));
        assertThatThrownBy(() -> value(store, other))
                .isInstanceOf(EncryptionException.class)
                .hasMessageContaining("changed or moved by other hands");
    }

    @Test
    void rotationSealsEverythingOfOneTenantAnew() {
        put(ACMES, GOLD);
        put(GLOBEX, GOLD);
        String before = value(file, ACMES).orElseThrow();
        String others = value(file, GLOBEX).orElseThrow();
        Path copy = folder.resolve("copy.db");
        SqliteBackup.backup(folder.resolve("state.db"), copy);
        store.rotate("acme", "today");
        String after = value(file, ACMES).orElseThrow();
        assertThat(after.substring(5, 21)).isNotEqualTo(before.substring(5, 21));
        assertThat(value(store, ACMES)).contains(GOLD);
        assertThat(value(file, GLOBEX)).contains(others);
        store.rotate("acme", "today");
        assertThat(value(file, ACMES)).contains(after);
        // What was copied before is readable as long as the tenant lives.
        try (SqliteStore old = SqliteStore.open(copy, SqliteSettings.DEFAULT)) {
            assertThat(value(over(old, "secrets"), ACMES)).contains(GOLD);
        }
    }

    @Test
    void aRotationThatWasKilledIsTakenUp() {
        put(ACMES, GOLD);
        String before = value(file, ACMES).orElseThrow();
        KeyRing ring =
                new KeyRing(folder.resolve("keys"), MasterKey.ofFile(folder.resolve("master.key")));
        ring.rotate("acme", "tonight"); // and no further
        reopen("secrets");
        store.settle(Optional.empty());
        String after = value(file, ACMES).orElseThrow();
        assertThat(after.substring(5, 21)).isNotEqualTo(before.substring(5, 21));
        assertThat(value(store, ACMES)).contains(GOLD);
    }

    @Test
    void aKindThatIsNamedLaterIsSealedByTheNextStart() {
        put(MAP, GOLD);
        assertThat(value(file, MAP)).contains(GOLD);
        reopen("secrets", "configmaps");
        store.settle(Optional.empty());
        assertThat(value(file, MAP).orElseThrow()).startsWith("enc1:");
        assertThat(value(store, MAP)).contains(GOLD);
        reopen("secrets");
        assertThat(value(store, MAP)).contains(GOLD);
    }

    @Test
    void aTenantsEndMakesItsCopiesUnreadable() {
        put(TENANT, "{}");
        put(ACMES, GOLD);
        put(GLOBEX, GOLD);
        Path copy = folder.resolve("copy.db");
        SqliteBackup.backup(folder.resolve("state.db"), copy);
        store.commit(new Txn(List.of(), List.of(new Operation.Delete(TENANT))));
        assertThat(folder.resolve("keys/acme.keys")).doesNotExist();
        try (SqliteStore old = SqliteStore.open(copy, SqliteSettings.DEFAULT)) {
            EncryptedStore restored = over(old, "secrets");
            assertThat(value(restored, ACMES)).isEmpty();
            assertThat(value(restored, GLOBEX)).contains(GOLD);
            assertThat(value(old, ACMES).orElseThrow()).startsWith("enc1:");
        }
        // A later tenant of the name has another key, and does not read what was.
        put(ACMES, "{\"new\":1}");
        assertThat(value(store, ACMES)).contains("{\"new\":1}");
    }

    @Test
    void aKillBetweenTheEndAndTheKeysDestructionIsMadeGood() {
        put(TENANT, "{}");
        put(ACMES, GOLD);
        KeyRing ring =
                new KeyRing(folder.resolve("keys"), MasterKey.ofFile(folder.resolve("master.key")));
        ring.intendToDestroy("acme");
        reopen("secrets");
        assertThat(value(store, ACMES)).contains(GOLD); // the tenant is there: spared
        ring.intendToDestroy("acme");
        file.commit(new Txn(List.of(), List.of(new Operation.Delete(TENANT))));
        reopen("secrets");
        assertThat(value(store, ACMES)).isEmpty();
    }

    @Test
    void aRefusedDeletionKeepsTheKeys() {
        put(TENANT, "{}");
        put(ACMES, GOLD);
        assertThat(store.commit(Txn.delete(TENANT, 1_000_000)))
                .isInstanceOf(TxnResult.Conflict.class);
        assertThat(value(store, ACMES)).contains(GOLD);
    }

    @Test
    void aLostRingIsAnErrorAndNoEmptyStore() throws IOException {
        put(ACMES, GOLD);
        store.close();
        Files.delete(folder.resolve("keys/acme.keys"));
        open("secrets");
        assertThatThrownBy(() -> value(store, ACMES))
                .isInstanceOf(EncryptionException.class)
                .hasMessageContaining("put the ring back");
    }

    @Test
    void anotherMasterKeyIsAnErrorThatSaysSo() throws IOException {
        put(ACMES, GOLD);
        store.close();
        Files.delete(folder.resolve("master.key"));
        open("secrets");
        assertThatThrownBy(() -> value(store, ACMES))
                .isInstanceOf(EncryptionException.class)
                .hasMessageContaining("another master key");
    }
}
