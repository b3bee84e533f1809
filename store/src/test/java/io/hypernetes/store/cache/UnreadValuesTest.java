package io.hypernetes.store.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.sorted.SortedTree;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Values that a store still has elsewhere when the cache begins. */
final class UnreadValuesTest {

    private static final int MANY = 3_000;
    private static final ResourceId ID = new ResourceId("apps", "deployments");

    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void nothingIsReadBeforeItIsAskedFor() {
        LoadedState<String> loaded = loaded();
        try (UnreadValues<String> _ = UnreadValues.of(loaded)) {
            CacheEntry<String> entry = entries(loaded).get(7);
            assertThat(entry.modRevision()).isEqualTo(9);
            assertThat(reads).hasValue(0);
            assertThat(entry.bytes()).isSameAs(entry.bytes());
            assertThat(Text.text(entry.bytes())).isEqualTo("v7@9");
            assertThat(reads).hasValue(1);
            assertThat(ended.getCount()).isOne();
        }
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void whatNobodyAsksForIsReadAndThenTheStoreLetsGoOfIt() throws InterruptedException {
        LoadedState<String> loaded = loaded();
        try (UnreadValues<String> _ = UnreadValues.after(Duration.ZERO, loaded)) {
            assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(reads).hasValue(MANY);
        assertThat(entries(loaded)).extracting(entry -> Text.text(entry.bytes())).contains("v5@7");
    }

    /** Who reads a value at the last moment must not find that it is gone. */
    @Test
    void allAreReadOnceHoweverManyAskMeanwhile() throws InterruptedException {
        LoadedState<String> loaded = loaded();
        CountDownLatch begin = new CountDownLatch(1);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread reader =
                    Thread.ofPlatform()
                            .uncaughtExceptionHandler((_, e) -> failures.add(e))
                            .start(() -> {
                                awaitQuietly(begin);
                                entries(loaded).forEach(CacheEntry::bytes);
                            });
            readers.add(reader);
        }
        try (UnreadValues<String> _ = UnreadValues.after(Duration.ZERO, loaded)) {
            begin.countDown();
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(failures).isEmpty();
        assertThat(reads).hasValue(MANY);
    }

    private static void awaitQuietly(CountDownLatch begin) {
        try {
            begin.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<CacheEntry<String>> entries(LoadedState<String> loaded) {
        return loaded.tree(ID).values(KeyRange.ALL, 0);
    }

    private LoadedState<String> loaded() {
        List<StoreKey> keys = new ArrayList<>();
        List<CacheEntry<String>> entries = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            ObjectPath path = new ObjectPath("apps", "deployments", "t", "n", "%05d".formatted(i));
            keys.add(path.key());
            entries.add(new CacheEntry<>(path, new Elsewhere(path.key(), i), new Text()));
        }
        Scan scan = new Scan(MANY + 2, Optional.of(ended::countDown));
        return new LoadedState<>(scan, Map.of(ID, SortedTree.ofSorted(keys, entries)));
    }

    private final class Elsewhere implements ScannedEntry {
        private final StoreKey key;
        private final int number;

        Elsewhere(StoreKey key, int number) {
            this.key = key;
            this.number = number;
        }

        @Override
        public StoreKey key() {
            return key;
        }

        @Override
        public long createRevision() {
            return number + 2;
        }

        @Override
        public long modRevision() {
            return number + 2;
        }

        @Override
        public byte[] value() {
            assertThat(ended.getCount()).isOne();
            reads.incrementAndGet();
            return Text.bytes("v" + number);
        }

        @Override
        public boolean valueBegins(byte[] with) {
            throw new UnsupportedOperationException();
        }
    }
}
