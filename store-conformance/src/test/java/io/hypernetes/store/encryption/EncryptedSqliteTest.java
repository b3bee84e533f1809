package io.hypernetes.store.encryption;

import io.hypernetes.store.Store;
import io.hypernetes.store.StoreConformance;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class EncryptedSqliteTest extends StoreConformance {
    @TempDir private Path folder;

    @Override
    protected Store open() {
        MasterKey master = MasterKey.ofFile(folder.resolve("master"));
        return EncryptedStore.open(
                SqliteStore.open(folder.resolve("state.db"), SqliteSettings.DEFAULT),
                new Everything(),
                new KeyRing(folder.resolve("keys"), master));
    }
}
