package io.hypernetes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.memory.MemoryStore;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Random histories give the same results, states and events as the plainest model. */
class StoreModelTest {

    /** One step: a transaction over one or two of five keys, a compaction, or a reopening. */
    private sealed interface Step {}

    private record Write(int key, int other, boolean delete, boolean guess, int age)
            implements Step {}

    private record Compaction(int age) implements Step {}

    private record Reopen() implements Step {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> key = Arbitraries.integers().between(0, 4);
        Arbitrary<Boolean> flip = Arbitraries.of(true, false);
        Arbitrary<Integer> age = Arbitraries.integers().between(0, 5);
        Arbitrary<Step> write =
                Combinators.combine(key, key, flip, flip, age).as(Write::new).map(w -> w);
        Arbitrary<Step> compaction = age.map(Compaction::new);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(12, write),
                        net.jqwik.api.Tuple.of(1, compaction),
                        net.jqwik.api.Tuple.of(1, Arbitraries.just(new Reopen())))
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 300)
    void memory(@ForAll("steps") List<Step> steps) {
        MemoryStore store = new MemoryStore();
        run(steps, () -> store, false);
        store.close();
    }

    @Property(tries = 15)
    void sqlite(@ForAll("steps") List<Step> steps) throws IOException {
        Path directory = Files.createTempDirectory("store");
        try {
            Path file = directory.resolve("state.db");
            run(steps, () -> SqliteStore.open(file, SqliteSettings.DEFAULT), true);
        } finally {
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private record Cell(String value, long created, long modified) {}

    private static final class Model {
        final Map<Long, TreeMap<String, Cell>> states = new HashMap<>();
        final List<Long> delivered = new ArrayList<>();
        long revision = 1;
        long oldest = 1;

        Model() {
            states.put(1L, new TreeMap<>());
        }

        TreeMap<String, Cell> now() {
            return states.getOrDefault(revision, new TreeMap<>());
        }
    }

    private static void run(List<Step> steps, Supplier<Store> open, boolean durable) {
        Model model = new Model();
        Store store = open.get();
        StoreConformance.Recorder recorder = new StoreConformance.Recorder();
        store.watch(1, recorder);
        for (Step step : steps) {
            switch (step) {
                case Write write -> write(store, model, write);
                case Compaction(int age) -> {
                    model.oldest = Math.max(model.oldest, Math.max(1, model.revision - age));
                    store.compact(model.oldest);
                }
                case Reopen _ -> {
                    if (durable) {
                        store.close();
                        store = open.get();
                        store.watch(model.revision, recorder);
                    }
                }
            }
            check(store, model);
        }
        List<Long> seen = recorder.batches.stream().map(StoreWatch.Batch::revision).toList();
        assertThat(seen).isEqualTo(model.delivered);
        if (durable) {
            store.close();
        }
    }

    private static void write(Store store, Model model, Write write) {
        String key = "k" + write.key();
        TreeMap<String, Cell> next = new TreeMap<>(model.now());
        Cell before = next.get(key);
        long expected = before == null ? 0 : before.modified();
        if (write.guess()) {
            expected = Math.max(0, model.revision - write.age());
        }
        StoreKey storeKey = StoreKey.of(key);
        Compare compare =
                expected == 0
                        ? new Compare.Absent(storeKey)
                        : new Compare.AtRevision(storeKey, expected);
        long revision = model.revision + 1;
        List<Operation> operations = new ArrayList<>();
        if (write.delete()) {
            operations.add(new Operation.Delete(storeKey));
            next.remove(key);
        } else {
            operations.add(put(next, key, revision));
        }
        if (write.other() != write.key()) {
            operations.add(put(next, "k" + write.other(), revision));
        }
        TxnResult result = store.commit(new Txn(List.of(compare), operations));
        if (expected != (before == null ? 0 : before.modified())) {
            long found = before == null ? 0 : before.modified();
            assertThat(result).isEqualTo(new TxnResult.Conflict(compare, found));
        } else if (next.equals(model.now())) {
            assertThat(result).isEqualTo(new TxnResult.Committed(model.revision));
        } else {
            assertThat(result).isEqualTo(new TxnResult.Committed(revision));
            model.revision = revision;
            model.states.put(revision, next);
            model.delivered.add(revision);
        }
    }

    private static Operation put(TreeMap<String, Cell> state, String key, long revision) {
        Cell before = state.get(key);
        String value = key + " at " + revision;
        state.put(key, new Cell(value, before == null ? revision : before.created(), revision));
        return new Operation.Put(StoreKey.of(key), value.getBytes(StandardCharsets.UTF_8));
    }

    private static void check(Store store, Model model) {
        assertThat(store.revision()).isEqualTo(model.revision);
        for (long r = Math.max(1, model.revision - 6); r <= model.revision; r++) {
            long revision = r;
            if (revision < model.oldest) {
                assertThatThrownBy(() -> store.range(KeyRange.ALL, revision, 0))
                        .isInstanceOf(CompactedException.class);
            } else {
                TreeMap<String, Cell> found = new TreeMap<>();
                for (Entry entry : store.range(KeyRange.ALL, revision, 0).entries()) {
                    String value = new String(entry.value(), StandardCharsets.UTF_8);
                    Cell cell = new Cell(value, entry.createRevision(), entry.modRevision());
                    found.put(entry.key().toString(), cell);
                }
                assertThat(found).isEqualTo(model.states.get(revision));
            }
        }
    }
}
