package io.hypernetes.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Retention;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.cache.CacheEntry;
import io.hypernetes.store.cache.Projection;
import io.hypernetes.store.cache.WatchCache;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Objects come, change and go as fast as the disk allows, under a watch cache; the file, its log
 * and the heap stop growing. A few seconds, or three minutes with {@code -Dlong=true}; it prints
 * what it measured.
 */
class SqliteSoakIT {

    private static final boolean LONG = Boolean.getBoolean("long");
    private static final int SAMPLES = 12;
    private static final long SAMPLE_MILLIS = LONG ? 15_000 : 600;
    private static final int WRITERS = 16;
    private static final int KEYS = 500;
    private static final int VALUE_BYTES = 2_600;

    /** Few enough to be passed many times over. */
    private static final Retention RETENTION =
            new Retention(Duration.ofDays(1), LONG ? 20_000 : 1_000);

    private record Sample(long revision, long file, long log, long heap) {}

    @TempDir Path directory;

    @Test
    void fileLogAndHeapStopGrowing() throws IOException, InterruptedException {
        Path file = directory.resolve("state.db");
        List<Sample> samples = new ArrayList<>();
        AtomicBoolean ended = new AtomicBoolean();
        try (Store store = SqliteStore.open(file, new SqliteSettings(RETENTION, 1L << 34));
                WatchCache<Boolean> cache =
                        WatchCache.open(store, new AsTheyAre(), new WatchCache.Settings(1_000))) {
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(i);
                writers.add(
                        Thread.startVirtualThread(() -> {
                            while (!ended.get()) {
                                change(store, random);
                            }
                        }));
            }
            for (int i = 0; i < SAMPLES; i++) {
                Thread.sleep(SAMPLE_MILLIS);
                samples.add(sample(cache.revision(), file));
            }
            ended.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        samples.forEach(s ->
                System.out.printf(
                        "revision %,d: file %.1f MiB, log %.1f MiB, heap %.1f MiB%n",
                        s.revision(), mib(s.file()), mib(s.log()), mib(s.heap())));
        long begin = samples.getFirst().revision();
        long end = samples.getLast().revision();
        assertThat(end - begin).as("much was written").isGreaterThan(2 * RETENTION.revisions());
        // Everything kept: the objects, the history, and as much again for what is being forgotten.
        long kept = (KEYS + 2 * RETENTION.revisions() + 2_000) * (VALUE_BYTES + 1_500);
        assertThat(samples).allMatch(s -> s.file() < kept + (16 << 20), "file below " + kept);
        assertThat(samples).allMatch(s -> s.log() < 160 << 20, "log");
        assertThat(samples.getLast().heap())
                .as("heap")
                .isLessThan(samples.get(SAMPLES / 3).heap() * 3 / 2 + (32 << 20));
    }

    private static double mib(long bytes) {
        return bytes / 1048576.0;
    }

    private static void change(Store store, Random random) {
        StoreKey key = new ObjectPath("", "pods", "acme", "web", "p" + random.nextInt(KEYS)).key();
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        Operation operation =
                random.nextInt(4) == 0 ? new Operation.Delete(key) : new Operation.Put(key, value);
        store.commit(new Txn(List.of(), List.of(operation)));
    }

    private static Sample sample(long revision, Path file) throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Sample(
                revision,
                Files.size(file),
                Files.size(file.resolveSibling(file.getFileName() + "-wal")),
                runtime.totalMemory() - runtime.freeMemory());
    }

    private static final class AsTheyAre implements Projection<Boolean> {
        @Override
        public byte[] serve(byte[] stored, long revision) {
            return stored;
        }

        @Override
        public byte[] serveDeleted(byte[] served, long revision) {
            return served;
        }

        @Override
        public Boolean attach(CacheEntry<Boolean> entry) {
            return true;
        }
    }
}
