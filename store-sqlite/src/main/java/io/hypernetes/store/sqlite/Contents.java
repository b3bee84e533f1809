package io.hypernetes.store.sqlite;

import io.hypernetes.store.Entry;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.sorted.SortedTree;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is in a file when it is opened, read once from its begin to its end. In the order of
 * keys a read would go to and fro in it, and take several times as long.
 *
 * @param entries in the order of keys
 */
record Contents(State state, List<Entry> entries) {

    static Contents read(Database database) throws SQLException {
        Map<StoreKey, Entry> newest = new HashMap<>();
        database.history(
                0,
                batch ->
                        batch.events()
                                .forEach(event -> {
                                    switch (event) {
                                        case StoreEvent.Put(Entry entry) ->
                                                newest.put(entry.key(), entry);
                                        case StoreEvent.Delete(StoreKey key) -> newest.remove(key);
                                    }
                                }));
        Entry[] sorted = newest.values().toArray(Entry[]::new);
        Arrays.parallelSort(sorted, Comparator.comparing(Entry::key));
        List<Entry> entries = Arrays.asList(sorted);
        SortedTree<Version> keys =
                SortedTree.ofSorted(
                        entries.stream().map(Entry::key).toList(),
                        entries.stream()
                                .map(entry ->
                                        new Version(entry.createRevision(), entry.modRevision()))
                                .toList());
        // The newest version may have been a deletion, since forgotten.
        long revision = Math.max(database.newestRevision(), database.compacted());
        return new Contents(new State(revision, keys), entries);
    }
}
