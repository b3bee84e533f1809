package io.hypernetes.store.cache;

import io.hypernetes.store.Entry;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.sorted.SortedTree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All that a store held when a cache began: a tree for each resource. Values that the store has at
 * hand elsewhere stay there until somebody asks for them, so that a start on a large state need not
 * wait for them.
 *
 * @param scan is not closed yet
 */
record LoadedState<A>(Scan scan, Map<ResourceId, SortedTree<CacheEntry<A>>> trees) {

    /** Parsed one after the other: neighbours have much in common. */
    private static final int PARSED_AT_ONCE = 1_000;

    private record Keyed<A>(StoreKey key, CacheEntry<A> entry) {}

    /** The objects of one resource, as they come: in the order of their keys. */
    private record Coming<A>(List<StoreKey> keys, List<CacheEntry<A>> entries) {
        static <A> Coming<A> ofNone() {
            return new Coming<>(new ArrayList<>(), new ArrayList<>());
        }

        void add(Keyed<A> one) {
            keys.add(one.key());
            entries.add(one.entry());
        }

        SortedTree<CacheEntry<A>> tree() {
            return SortedTree.ofSorted(keys, entries);
        }
    }

    static <A> LoadedState<A> load(Store store, Projection<A> projection) {
        Map<ResourceId, Coming<A>> coming = new HashMap<>();
        Scan scan =
                store.scan(entries ->
                        keyed(entries, projection)
                                .forEach(one ->
                                        coming.computeIfAbsent(
                                                        ResourceId.of(one.entry().path()),
                                                        _ -> Coming.ofNone())
                                                .add(one)));
        Map<ResourceId, SortedTree<CacheEntry<A>>> trees = new HashMap<>();
        coming.forEach((id, of) -> trees.put(id, of.tree()));
        return new LoadedState<>(scan, trees);
    }

    private static <A> List<Keyed<A>> keyed(
            List<? extends ScannedEntry> entries, Projection<A> projection) {
        int parts = (entries.size() + PARSED_AT_ONCE - 1) / PARSED_AT_ONCE;
        return IntStream.range(0, parts)
                .parallel()
                .mapToObj(part -> {
                    int from = part * PARSED_AT_ONCE;
                    int to = Math.min(entries.size(), from + PARSED_AT_ONCE);
                    return neighbours(entries.subList(from, to), projection);
                })
                .flatMap(List::stream)
                .toList();
    }

    /** Without the keys that are not objects'. */
    private static <A> List<Keyed<A>> neighbours(
            List<? extends ScannedEntry> entries, Projection<A> projection) {
        List<Keyed<A>> keyed = new ArrayList<>(entries.size());
        ObjectPath last = ObjectPath.NOWHERE;
        for (ScannedEntry entry : entries) {
            Optional<ObjectPath> path = ObjectPath.find(entry.key(), last);
            if (path.isPresent()) {
                last = path.get();
                keyed.add(new Keyed<>(entry.key(), cached(last, entry, projection)));
            }
        }
        return keyed;
    }

    private static <A> CacheEntry<A> cached(
            ObjectPath path, ScannedEntry scanned, Projection<A> projection) {
        return scanned instanceof Entry entry
                ? CacheEntry.of(path, entry, projection)
                : new CacheEntry<>(path, scanned, projection);
    }

    long revision() {
        return scan.revision();
    }

    SortedTree<CacheEntry<A>> tree(ResourceId id) {
        return trees.getOrDefault(id, SortedTree.empty());
    }
}
