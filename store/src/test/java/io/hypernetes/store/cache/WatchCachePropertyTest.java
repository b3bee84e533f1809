package io.hypernetes.store.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.Txn;
import io.hypernetes.store.memory.MemoryStore;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whatever the history: a narrow watch is the filtered wide one, and replaying it gives the list.
 */
class WatchCachePropertyTest {

    private static final List<ObjectRange> RANGES =
            List.of(
                    ObjectRange.ofResource("", "pods"),
                    ObjectRange.ofTenant("", "pods", "a"),
                    ObjectRange.ofTenant("", "pods", "ab"),
                    ObjectRange.ofNamespace("", "pods", "a", "n0"),
                    ObjectRange.ofNamespace("", "pods", "ab", "n1"));

    /**
     * Each number is one operation: positive puts, negative deletes; the value picks the object.
     */
    @Property(tries = 150)
    void aWatchIsTheHistoryFilteredByItsRange(
            @ForAll @Size(max = 60)
                    List<@Size(min = 1, max = 3) List<@IntRange(min = -12, max = 12) Integer>>
                            history,
            @ForAll @IntRange(max = 60) int watchFrom)
            throws InterruptedException {
        try (Store store = new MemoryStore();
                WatchCache<String> cache = WatchCache.open(store, new Text())) {
            int begin = Math.min(watchFrom, history.size());
            history.subList(0, begin).forEach(numbers -> store.commit(txn(numbers)));
            List<Snapshot<String>> before = RANGES.stream().map(cache::list).toList();
            // Some of the events are past when the watches begin, the others are not yet.
            int middle = (begin + history.size()) / 2;
            history.subList(begin, middle).forEach(numbers -> store.commit(txn(numbers)));
            List<CacheWatch<String>> watches = new ArrayList<>();
            for (int i = 0; i < RANGES.size(); i++) {
                watches.add(cache.watch(RANGES.get(i), before.get(i).revision(), 10_000));
            }
            history.subList(middle, history.size()).forEach(n -> store.commit(txn(n)));
            List<CacheEvent<String>> full = drain(watches.getFirst(), store.revision());
            for (int i = 0; i < RANGES.size(); i++) {
                ObjectRange range = RANGES.get(i);
                List<CacheEvent<String>> seen =
                        i == 0 ? full : drain(watches.get(i), store.revision());
                assertThat(seen)
                        .isEqualTo(
                                full.stream()
                                        .filter(e -> range.contains(e.entry().path()))
                                        .toList());
                assertThat(replay(before.get(i), seen)).isEqualTo(contents(cache.list(range)));
            }
        }
    }

    private static Txn txn(List<Integer> numbers) {
        Map<ObjectPath, Operation> operations = new HashMap<>();
        for (int number : numbers) {
            int n = Math.abs(number);
            ObjectPath path =
                    new ObjectPath(
                            "", "pods", n % 2 == 0 ? "a" : "ab", "n" + n / 2 % 2, "o" + n / 4);
            operations.put(
                    path,
                    number > 0
                            ? new Operation.Put(path.key(), Text.bytes("v" + number))
                            : new Operation.Delete(path.key()));
        }
        return new Txn(List.of(), List.copyOf(operations.values()));
    }

    private static List<CacheEvent<String>> drain(CacheWatch<String> watch, long upTo)
            throws InterruptedException {
        List<CacheEvent<String>> all = new ArrayList<>();
        while (true) {
            CacheWatch.Delivery<String> delivery = watch.poll(Duration.ofMillis(1));
            if (!(delivery instanceof CacheWatch.Events<String>(var events, long revision))) {
                throw new AssertionError("ended: " + delivery);
            }
            all.addAll(events);
            if (revision >= upTo) {
                return all;
            }
        }
    }

    private static Map<String, String> contents(Snapshot<String> snapshot) {
        Map<String, String> contents = new HashMap<>();
        snapshot.entries().forEach(e -> contents.put(e.path().toString(), e.attachment()));
        return contents;
    }

    private static Map<String, String> replay(
            Snapshot<String> from, List<CacheEvent<String>> events) {
        Map<String, String> state = contents(from);
        for (CacheEvent<String> event : events) {
            String key = event.entry().path().toString();
            switch (event) {
                case CacheEvent.Added<String>(var entry) ->
                        assertThat(state.put(key, entry.attachment())).isNull();
                case CacheEvent.Modified<String>(var entry, var previous) ->
                        assertThat(state.put(key, entry.attachment()))
                                .isEqualTo(previous.attachment());
                case CacheEvent.Deleted<String>(_, var previous) ->
                        assertThat(state.remove(key)).isEqualTo(previous.attachment());
            }
        }
        return state;
    }
}
