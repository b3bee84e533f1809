package io.hypernetes.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreConformance;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The suite over one cluster, each test behind a prefix of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EtcdConformance extends StoreConformance {

    private final int members;
    private Optional<EtcdCluster> cluster = Optional.empty();
    private int prefixes;

    EtcdConformance(int members) {
        this.members = members;
    }

    @BeforeAll
    void startCluster(@TempDir Path directory) throws IOException, InterruptedException {
        cluster = Optional.of(EtcdCluster.start(directory, members));
    }

    @AfterAll
    void stopCluster() throws IOException {
        cluster.orElseThrow().close();
    }

    private EtcdSettings settings(String prefix) {
        return EtcdSettings.of(cluster.orElseThrow().members())
                .withPrefix(prefix)
                .withCompaction(Duration.ZERO);
    }

    @Override
    protected Store open() {
        return EtcdStore.open(settings("/test" + ++prefixes));
    }

    @Test
    void whatAnotherServerWritesIsSeenHere() throws InterruptedException {
        Recorder recorder = new Recorder();
        store.watch(store.revision(), recorder);
        try (Store other = EtcdStore.open(settings("/test" + prefixes))) {
            other.commit(Txn.create(StoreKey.of("k"), bytes("theirs")));
            assertThat(store.revision()).isEqualTo(at(2));
            assertThat(recorder.take(1)).containsExactly(at(2));
            assertThat(commit(Txn.replace(StoreKey.of("k"), bytes("ours"), at(2)))).isEqualTo(3);
        }
    }

    @Test
    void whatIsBehindAnotherPrefixIsNotOurs() throws InterruptedException {
        Recorder recorder = new Recorder();
        store.watch(store.revision(), recorder);
        try (Store other = EtcdStore.open(settings("/test" + prefixes + "0"))) {
            other.commit(Txn.create(StoreKey.of("k"), bytes("theirs")));
        }
        assertThat(commit(Txn.create(StoreKey.of("k"), bytes("ours")))).isEqualTo(3);
        assertThat(recorder.take(1)).containsExactly(at(3));
        assertThat(store.range(KeyRange.ALL, Store.LATEST, 0).entries())
                .extracting(StoreConformance::text)
                .containsExactly("ours");
    }

    @Test
    void progressIsToldWhenOnlyOthersWrote() throws InterruptedException {
        Recorder recorder = new Recorder();
        store.watch(store.revision(), recorder);
        try (Store other = EtcdStore.open(settings("/other" + prefixes))) {
            other.commit(Txn.create(StoreKey.of("k"), bytes("theirs")));
        }
        long wanted = store.revision();
        store.requestProgress();
        StoreWatch.Batch batch = recorder.batches.poll(30, TimeUnit.SECONDS);
        assertThat(batch.revision()).isGreaterThanOrEqualTo(wanted);
        assertThat(batch.events()).isEmpty();
    }

    @Test
    void aRangeLongerThanAPageIsWholeAndOfOneRevision() {
        for (int i = 0; i < 60; i++) {
            List<Operation> puts = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                puts.add(
                        new Operation.Put(
                                StoreKey.of(String.format("%02d/%02d", i, n)), bytes("v")));
            }
            commit(new Txn(List.of(), puts));
        }
        assertThat(store.range(KeyRange.ALL, Store.LATEST, 0).entries()).hasSize(6_000);
        assertThat(store.range(KeyRange.ALL, Store.LATEST, 5_500).entries()).hasSize(5_500);
        assertThat(store.range(KeyRange.ALL, at(31), 0).entries()).hasSize(3_000);
    }

    @Test
    void oneOfTheServersCompacts() throws InterruptedException {
        EtcdSettings often = settings("/test" + prefixes).withCompaction(Duration.ofMillis(300));
        long first = store.revision();
        try (Store one = EtcdStore.open(often);
                Store two = EtcdStore.open(often)) {
            assertThat(one.isShared()).isTrue();
            assertThat(two.isShared()).isTrue();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (isReadable(first) && System.nanoTime() < end) {
                Thread.sleep(50);
            }
            assertThat(isReadable(first)).isFalse();
        }
    }

    private boolean isReadable(long revision) {
        try {
            store.range(KeyRange.ALL, revision, 1);
            return true;
        } catch (CompactedException _) {
            return false;
        }
    }
}
