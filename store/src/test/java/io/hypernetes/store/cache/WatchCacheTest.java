package io.hypernetes.store.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.memory.MemoryStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class WatchCacheTest {

    private static final ObjectRange PODS = ObjectRange.ofResource("", "pods");
    private static final ObjectRange ACME = ObjectRange.ofTenant("", "pods", "acme");
    private static final ObjectRange ACME_WEB = ObjectRange.ofNamespace("", "pods", "acme", "web");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Store store = new MemoryStore();
    private WatchCache<String> cache = WatchCache.open(store, new Text());

    @AfterEach
    void close() {
        cache.close();
        store.close();
    }

    private static ObjectPath pod(String tenant, String namespace, String name) {
        return new ObjectPath("", "pods", tenant, namespace, name);
    }

    private void put(ObjectPath path, String value) {
        store.commit(new Txn(List.of(), List.of(new Operation.Put(path.key(), Text.bytes(value)))));
    }

    private void delete(ObjectPath path) {
        store.commit(new Txn(List.of(), List.of(new Operation.Delete(path.key()))));
    }

    private static List<String> texts(Snapshot<String> snapshot) {
        return snapshot.entries().stream().map(CacheEntry::attachment).toList();
    }

    private static List<CacheEvent<String>> take(CacheWatch<String> watch, int count)
            throws InterruptedException {
        List<CacheEvent<String>> events = new ArrayList<>();
        while (events.size() < count) {
            if (!(watch.poll(LONG) instanceof CacheWatch.Events<String>(var more, _))) {
                throw new AssertionError("the watch ended after " + events);
            }
            assertThat(more).as("events after %s", events).isNotEmpty();
            events.addAll(more);
        }
        return events;
    }

    @Test
    void aCommittedWriteIsReadAtOnce() throws InterruptedException {
        ObjectPath path = pod("acme", "web", "a");
        put(path, "1");
        assertThat(cache.awaitRevision(2, Duration.ZERO)).isTrue();
        CacheEntry<String> entry = cache.get(path).orElseThrow();
        assertThat(entry.attachment()).isEqualTo("1@2");
        assertThat(entry.attachment()).isSameAs(entry.attachment());
        assertThat(cache.get(pod("acme", "web", "b"))).isEmpty();
        assertThat(cache.awaitRevision(3, Duration.ofMillis(1))).isFalse();
    }

    @Test
    void whatWasStoredBeforeIsLoaded() {
        put(pod("acme", "web", "a"), "1");
        put(pod("acme", "web", "b"), "2");
        store.commit(Txn.create(StoreKey.of("not an object"), new byte[0]));
        cache.close();
        cache = WatchCache.open(store, new Text());
        Snapshot<String> all = cache.list(PODS);
        assertThat(texts(all)).containsExactly("1@2", "2@3");
        assertThat(all.revision()).isEqualTo(4);
        assertThatThrownBy(() -> cache.watch(PODS, 3, 10)).isInstanceOf(CompactedException.class);
    }

    @Test
    void aListHoldsItsRangeOnly() {
        put(pod("acme", "web", "a"), "a");
        put(pod("acme", "web2", "b"), "b");
        put(pod("acme2", "web", "c"), "c");
        put(new ObjectPath("", "podsx", "acme", "web", "d"), "d");
        assertThat(texts(cache.list(PODS))).containsExactly("a@2", "b@3", "c@4");
        assertThat(texts(cache.list(ACME))).containsExactly("a@2", "b@3");
        assertThat(texts(cache.list(ACME_WEB))).containsExactly("a@2");
        assertThat(cache.list(ACME_WEB).revision()).isEqualTo(5);
    }

    @Test
    void pagesAreOfOneState() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            put(pod("acme", "web", name), name);
        }
        Snapshot<String> first = cache.list(ACME, Store.LATEST, Optional.empty(), 2);
        assertThat(texts(first)).containsExactly("a@2", "b@3");
        assertThat(first.remaining()).isEqualTo(3);
        put(pod("acme", "web", "bb"), "new");
        delete(pod("acme", "web", "d"));
        StoreKey last = first.entries().getLast().path().key();
        Snapshot<String> second = cache.list(ACME, first.revision(), Optional.of(last), 0);
        assertThat(texts(second)).containsExactly("c@4", "d@5", "e@6");
        assertThat(second.revision()).isEqualTo(first.revision());
        assertThat(second.remaining()).isZero();
    }

    @Test
    void aStateThatLeftTheWindowIsGone() {
        cache.close();
        cache = WatchCache.open(store, new Text(), new WatchCache.Settings(3));
        for (int i = 0; i < 6; i++) {
            put(pod("acme", "web", "p" + i), "v");
        }
        assertThat(cache.list(PODS, 4, Optional.empty(), 0).entries()).hasSize(3);
        assertThatThrownBy(() -> cache.list(PODS, 3, Optional.empty(), 0))
                .isInstanceOf(CompactedException.class);
        assertThatThrownBy(() -> cache.watch(PODS, 3, 10)).isInstanceOf(CompactedException.class);
        assertThatThrownBy(() -> cache.list(PODS, 8, Optional.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void largeObjectsTakeTheirOwnPastNotThatOfOthers() throws InterruptedException {
        cache.close();
        cache = WatchCache.open(store, new Text(), new WatchCache.Settings(1000, 10_000));
        ObjectPath small = new ObjectPath("", "secrets", "globex", "web", "s");
        put(small, "small");
        long from = cache.revision();
        try (CacheWatch<String> slow = cache.watch(PODS, from, 1000)) {
            for (int i = 0; i < 50; i++) {
                put(pod("acme", "web", "a"), "x".repeat(1000));
            }
            long newest = cache.revision();
            assertThatThrownBy(() -> cache.watch(PODS, newest - 10, 10))
                    .isInstanceOf(CompactedException.class);
            try (CacheWatch<String> near = cache.watch(PODS, newest - 5, 10)) {
                assertThat(take(near, 5)).hasSize(5);
            }
            try (CacheWatch<String> others =
                    cache.watch(ObjectRange.ofResource("", "secrets"), from - 1, 10)) {
                assertThat(take(others, 1)).hasSize(1);
            }
            assertThat(slow.poll(LONG))
                    .isEqualTo(new CacheWatch.Ended<>(CacheWatch.Reason.TOO_SLOW));
        }
    }

    @Test
    void aWatchTellsWhatHappenedWithTheStateBefore() throws InterruptedException {
        ObjectPath path = pod("acme", "web", "a");
        try (CacheWatch<String> watch = cache.watch(ACME_WEB, cache.revision(), 10)) {
            put(path, "1");
            put(path, "2");
            delete(path);
            List<CacheEvent<String>> events = take(watch, 3);
            assertThat(events.get(0)).isInstanceOf(CacheEvent.Added.class);
            assertThat(events.get(1))
                    .isInstanceOfSatisfying(
                            CacheEvent.Modified.class,
                            e -> assertThat(e.previous().attachment()).isEqualTo("1@2"));
            assertThat(events.get(2))
                    .isInstanceOfSatisfying(
                            CacheEvent.Deleted.class,
                            e -> assertThat(e.previous().attachment()).isEqualTo("2@3"));
            assertThat(events)
                    .extracting(e -> e.entry().attachment())
                    .containsExactly("1@2", "2@3", "2@4");
        }
    }

    @Test
    void aWatchFromThePastSeesEachLaterEventOnce() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            put(pod("acme", "web", "p" + i), "v");
        }
        try (CacheWatch<String> watch = cache.watch(PODS, 3, 1)) {
            put(pod("globex", "web", "q"), "v");
            assertThat(take(watch, 4))
                    .extracting(CacheEvent::revision)
                    .containsExactly(4L, 5L, 6L, 7L);
        }
    }

    /** What the window lets go of is not held by a watcher that is slow to ask for it. */
    @Test
    void aWatchFromThePastEndsWhenThePastIsGone() throws InterruptedException {
        cache.close();
        cache = WatchCache.open(store, new Text(), new WatchCache.Settings(10));
        put(pod("acme", "web", "p"), "v");
        put(pod("acme", "web", "p"), "w");
        CacheWatch<String> slow = cache.watch(PODS, 1, 100);
        try (CacheWatch<String> other = cache.watch(PODS, cache.revision(), 100)) {
            for (int i = 0; i < 40; i++) {
                put(pod("acme", "web", "p"), "v" + i);
            }
            take(other, 40);
        }
        assertThat(slow.poll(LONG))
                .isEqualTo(new CacheWatch.Ended<String>(CacheWatch.Reason.EXPIRED));
    }

    /** Whoever reads the past in pieces misses nothing of it, and hears of the present after it. */
    @Test
    void aLongPastComesInPieces() throws InterruptedException {
        long from = cache.revision();
        for (int i = 0; i < 2_500; i++) {
            put(pod("acme", "web", "p" + i), "v");
        }
        try (CacheWatch<String> watch = cache.watch(PODS, from, 10)) {
            put(pod("acme", "web", "last"), "v");
            List<Long> revisions = new ArrayList<>();
            while (revisions.size() < 2_501) {
                if (!(watch.poll(LONG) instanceof CacheWatch.Events<String> some)) {
                    throw new AssertionError("the watch ended");
                }
                assertThat(some.events()).hasSizeBetween(1, 1_000);
                some.events().forEach(event -> revisions.add(event.revision()));
                assertThat(some.revision()).isGreaterThanOrEqualTo(revisions.getLast());
            }
            assertThat(revisions).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void anIdleWatchTellsHowFarItHasSeen() throws InterruptedException {
        try (CacheWatch<String> watch = cache.watch(ACME, 1, 10);
                CacheWatch<String> other = cache.watch(PODS, 1, 10)) {
            put(pod("globex", "web", "q"), "v");
            take(other, 1);
            put(pod("globex", "web", "q"), "w");
            take(other, 1);
            // The dispatcher has passed revision 2 once revision 3 has come out.
            CacheWatch.Delivery<String> delivery = watch.poll(Duration.ZERO);
            assertThat(delivery)
                    .isInstanceOfSatisfying(
                            CacheWatch.Events.class,
                            events -> {
                                assertThat(events.events()).isEmpty();
                                assertThat(events.revision()).isBetween(2L, 3L);
                            });
        }
    }

    @Test
    void aWatcherThatIsTooSlowIsCutOffAndOthersGoOn() throws InterruptedException {
        CacheWatch<String> slow = cache.watch(PODS, 1, 3);
        try (CacheWatch<String> fast = cache.watch(PODS, 1, 100)) {
            for (int i = 0; i < 5; i++) {
                put(pod("acme", "web", "p" + i), "v");
            }
            take(fast, 5);
            assertThat(slow.poll(LONG))
                    .isEqualTo(new CacheWatch.Ended<String>(CacheWatch.Reason.TOO_SLOW));
        }
    }

    /** Enough of them for the dispatcher to rest between its rounds. */
    @Test
    void manyWatchersSeeEachEventOnce() throws InterruptedException {
        List<CacheWatch<String>> watches = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            watches.add(cache.watch(PODS, cache.revision(), 1_000));
        }
        for (int i = 0; i < 100; i++) {
            put(pod("acme", "web", "p" + i), "v");
        }
        for (CacheWatch<String> watch : watches) {
            assertThat(take(watch, 100))
                    .extracting(CacheEvent::revision)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(100);
            watch.close();
        }
    }

    @Test
    void closingEndsAWaitingPoll() throws InterruptedException {
        CacheWatch<String> watch = cache.watch(PODS, 1, 3);
        Thread closer = Thread.startVirtualThread(watch::close);
        assertThat(watch.poll(LONG))
                .isEqualTo(new CacheWatch.Ended<String>(CacheWatch.Reason.CLOSED));
        closer.join();
    }

    @Test
    void whenTheStoreEndsWatchesEndAndReadsGoOn() throws InterruptedException {
        put(pod("acme", "web", "a"), "1");
        CacheWatch<String> watch = cache.watch(PODS, 2, 3);
        store.close();
        assertThat(watch.poll(LONG))
                .isEqualTo(new CacheWatch.Ended<String>(CacheWatch.Reason.STORE_FAILED));
        assertThat(cache.list(PODS).entries()).hasSize(1);
        assertThat(cache.watch(PODS, 2, 3).poll(LONG))
                .isEqualTo(new CacheWatch.Ended<String>(CacheWatch.Reason.STORE_FAILED));
    }
}
