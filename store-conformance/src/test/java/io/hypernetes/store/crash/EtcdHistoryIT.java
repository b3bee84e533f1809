package io.hypernetes.store.crash;

import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.Store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.io.IOException;
import java.nio.file.Files;

/**
 * Programs over an etcd of one member, which outlives them: 4, or 100 with {@code -Dlong=true}.
 * What one had on the way when it was killed may still be done.
 */
class EtcdHistoryIT extends KilledProgram {
    private static final int MOMENT_MILLIS = 250;

    private EtcdCluster etcd;

    EtcdHistoryIT() {
        super(Boolean.getBoolean("long") ? 100 : 4);
    }

    @BeforeEach
    void startEtcd() throws IOException, InterruptedException {
        etcd = EtcdCluster.start(Files.createDirectory(directory.resolve("etcd")), 1);
    }

    @AfterEach
    void stopEtcd() throws IOException {
        etcd.close();
    }

    @Override
    String place() {
        return "etcd://" + etcd.members().getFirst();
    }

    @Override
    void settle() throws InterruptedException {
        try (Store store = HistoryWriter.open(place())) {
            long last = -1;
            while (store.revision() != last) {
                last = store.revision();
                Thread.sleep(MOMENT_MILLIS);
            }
        }
    }
}
