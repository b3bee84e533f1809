package io.hypernetes.store.encryption;

import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreConformance;
import io.hypernetes.store.etcd.EtcdSettings;
import io.hypernetes.store.etcd.EtcdStore;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The suite with every value sealed, over an etcd; each test behind a prefix of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncryptedEtcdIT extends StoreConformance {
    private Optional<EtcdCluster> cluster = Optional.empty();
    private Path keys = Path.of("");
    private int prefixes;

    @BeforeAll
    void startCluster(@TempDir Path directory) throws IOException, InterruptedException {
        keys = directory;
        cluster = Optional.of(EtcdCluster.start(directory, 1));
    }

    @AfterAll
    void stopCluster() throws IOException {
        cluster.orElseThrow().close();
    }

    @Override
    protected Store open() {
        String prefix = "/sealed" + ++prefixes;
        return EncryptedStore.open(
                EtcdStore.open(
                        EtcdSettings.of(cluster.orElseThrow().members())
                                .withPrefix(prefix)
                                .withCompaction(Duration.ZERO)),
                new Everything(),
                new KeyRing(
                        keys.resolve("keys" + prefixes), MasterKey.ofFile(keys.resolve("master"))));
    }
}
