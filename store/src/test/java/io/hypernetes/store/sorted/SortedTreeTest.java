package io.hypernetes.store.sorted;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.StoreKey;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

class SortedTreeTest {

    private static StoreKey key(int number) {
        return StoreKey.of(String.format("%03d", Math.abs(number)));
    }

    /** Positive numbers are put, negative ones removed. */
    @Property(tries = 300)
    void holdsWhatASortedMapHoldsAtEachOfItsVersions(
            @ForAll @Size(max = 200) List<@IntRange(min = -60, max = 60) Integer> changes,
            @ForAll @IntRange(max = 60) int from,
            @ForAll @IntRange(max = 60) int to,
            @ForAll @IntRange(max = 10) int limit) {
        SortedTree<Integer> tree = SortedTree.empty();
        TreeMap<StoreKey, Integer> model = new TreeMap<>();
        List<SortedTree<Integer>> trees = new ArrayList<>();
        List<List<Integer>> states = new ArrayList<>();
        for (int change : changes) {
            if (change > 0) {
                tree = tree.put(key(change), change);
                model.put(key(change), change);
            } else {
                tree = tree.remove(key(change));
                model.remove(key(change));
            }
            trees.add(tree);
            states.add(List.copyOf(model.values()));
        }
        for (int i = 0; i < trees.size(); i++) {
            assertThat(trees.get(i).values(KeyRange.ALL, 0)).isEqualTo(states.get(i));
            assertThat(trees.get(i).size()).isEqualTo(states.get(i).size());
        }
        if (from <= to) {
            KeyRange range = new KeyRange(key(from), key(to));
            var part = model.subMap(range.from(), range.to()).values();
            assertThat(tree.count(range)).isEqualTo(part.size());
            assertThat(tree.values(range, limit))
                    .isEqualTo(part.stream().limit(limit == 0 ? 1000 : limit).toList());
        }
    }

    @Test
    void staysShallowWhateverTheOrderOfWrites() {
        SortedTree<Integer> tree = SortedTree.empty();
        for (int i = 0; i < 100_000; i++) {
            tree = tree.put(StoreKey.of(String.format("%06d", i)), i);
        }
        for (int i = 0; i < 99_000; i++) {
            tree = tree.remove(StoreKey.of(String.format("%06d", i)));
        }
        assertThat(tree.size()).isEqualTo(1000);
        assertThat(tree.height()).isLessThan(15); // 1.44 log2(n)
    }
}
