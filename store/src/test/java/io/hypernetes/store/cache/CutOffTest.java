package io.hypernetes.store.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.RangeResult;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.memory.MemoryStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A server that was cut off from a shared store for longer than history is kept. */
class CutOffTest {

    private static final ObjectRange PODS = ObjectRange.ofResource("", "pods");
    private static final Duration LONG = Duration.ofSeconds(30);

    /** A memory store whose watch can be cut. */
    private static final class Shared implements Store {
        private final MemoryStore store = new MemoryStore();
        private StoreWatch.@Nullable Listener listener;
        private @Nullable StoreWatch watch;

        void cutOff() {
            requireNonNull(watch).close();
        }

        void tellCompacted(long revision) {
            requireNonNull(listener).failed(new CompactedException(revision, revision + 1));
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public long revision() {
            return store.revision();
        }

        @Override
        public RangeResult range(KeyRange range, long revision, int limit) {
            return store.range(range, revision, limit);
        }

        @Override
        public TxnResult commit(Txn txn) {
            return store.commit(txn);
        }

        @Override
        public StoreWatch watch(long revision, StoreWatch.Listener to) {
            listener = to;
            StoreWatch made = store.watch(revision, to);
            watch = made;
            return made;
        }

        @Override
        public void compact(long revision) {
            store.compact(revision);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static ObjectPath pod(String name) {
        return new ObjectPath("", "pods", "acme", "web", name);
    }

    @Test
    void loadsAnewAndGoesOn() throws InterruptedException {
        Shared store = new Shared();
        put(store, pod("a"), "1");
        put(store, pod("b"), "1");
        try (WatchCache<String> cache = WatchCache.open(store, new Text())) {
            long before = cache.revision();
            CacheWatch<String> watch = cache.watch(PODS, before, 10);
            store.cutOff();
            store.commit(new Txn(List.of(), List.of(new Operation.Delete(pod("a").key()))));
            put(store, pod("c"), "1");
            store.tellCompacted(before);
            assertThat(watch.poll(LONG))
                    .isEqualTo(new CacheWatch.Ended<>(CacheWatch.Reason.EXPIRED));
            assertThat(awaitFresh(cache)).isTrue();
            assertThat(cache.list(PODS).entries())
                    .extracting(entry -> entry.path().name())
                    .containsExactly("b", "c");
            assertThatThrownBy(() -> cache.watch(PODS, before, 10))
                    .isInstanceOf(CompactedException.class);
            CacheWatch<String> later = cache.watch(PODS, cache.revision(), 10);
            put(store, pod("d"), "1");
            assertThat(later.poll(LONG)).isInstanceOf(CacheWatch.Events.class);
            assertThat(awaitFresh(cache)).isTrue();
            assertThat(cache.get(pod("d"))).isPresent();
        }
        store.close();
    }

    /** The failure is thrown until the state is there again. */
    private static boolean awaitFresh(WatchCache<String> cache) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            try {
                return cache.awaitFresh(LONG);
            } catch (CompactedException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(10);
            }
        }
    }

    private static void put(Store store, ObjectPath path, String value) {
        store.commit(new Txn(List.of(), List.of(new Operation.Put(path.key(), Text.bytes(value)))));
    }
}
