package io.hypernetes.store.encryption;

import io.hypernetes.store.Store;
import io.hypernetes.store.StoreConformance;
import io.hypernetes.store.memory.MemoryStore;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class EncryptedMemoryTest extends StoreConformance {
    @TempDir private Path folder;

    @Override
    protected Store open() {
        MasterKey master = MasterKey.ofFile(folder.resolve("master"));
        return EncryptedStore.open(
                new MemoryStore(), new Everything(), new KeyRing(folder.resolve("keys"), master));
    }
}
