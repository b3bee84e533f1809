package io.hypernetes.store.sqlite;

import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.sorted.SortedTree;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that is in a file when it is opened, read once from its begin to its end. In the order of
 * keys a read would go to and fro in it, and take several times as long.
 *
 * <p>Values lie outside of the heap until they are asked for: whoever reads them makes something of
 * its own of each, and a collector would have to carry both about.
 */
final class Contents implements AutoCloseable {

    /** The newest version of a key; without a place for its value when that was a deletion. */
    private record Row(StoreKey key, Version version, ValueBytes.@Nullable Place place)
            implements ScannedEntry {

        @Override
        public long createRevision() {
            return version.createRevision();
        }

        @Override
        public long modRevision() {
            return version.modRevision();
        }

        @Override
        public byte[] value() {
            return kept().value();
        }

        @Override
        public boolean valueBegins(byte[] with) {
            return kept().begins(with);
        }

        private ValueBytes.Place kept() {
            if (place == null) {
                throw new IllegalStateException("what is deleted is not kept");
            }
            return place;
        }
    }

    private final State state;

    /** In the order of keys. */
    private final List<Row> rows;

    private final List<ValueBytes> values;

    private Contents(State state, List<Row> rows, List<ValueBytes> values) {
        this.state = state;
        this.rows = rows;
        this.values = values;
    }

    /** Each connection reads one half of the history, both at the same time. */
    static Contents read(Database one, Database other) throws SQLException {
        List<ValueBytes> values = List.of(new ValueBytes(), new ValueBytes());
        try {
            List<Row> rows = newest(one, other, values);
            // The newest version may have been a deletion, since forgotten.
            long revision = Math.max(one.newestRevision(), one.compacted());
            return new Contents(new State(revision, keys(rows)), rows, values);
        } catch (SQLException | RuntimeException e) {
            values.forEach(ValueBytes::close);
            throw e;
        }
    }

    private static List<Row> newest(Database one, Database other, List<ValueBytes> values)
            throws SQLException {
        long middle = one.middle();
        Beside<List<Row>> later =
                Beside.start(
                        "store-opening",
                        () -> versions(other, middle, Long.MAX_VALUE, values.getLast()));
        List<Row> all;
        try {
            all = versions(one, 0, middle, values.getFirst());
        } catch (SQLException | RuntimeException e) {
            var unused = later.await();
            throw e;
        }
        all.addAll(later.await());
        return newest(all);
    }

    private static List<Row> versions(Database database, long from, long to, ValueBytes values)
            throws SQLException {
        List<Row> all = new ArrayList<>();
        database.mapped(true);
        database.versions(
                from,
                to,
                (key, version, value) ->
                        all.add(new Row(key, version, value == null ? null : values.add(value))));
        database.mapped(false);
        return all;
    }

    private static List<Row> newest(List<Row> all) {
        Row[] sorted = all.toArray(Row[]::new);
        all.clear();
        // Versions of the same key stay in the order of history: the last of them counts.
        Arrays.parallelSort(sorted, Comparator.comparing(Row::key));
        List<Row> newest = new ArrayList<>(sorted.length);
        for (int i = 0; i < sorted.length; i++) {
            boolean last = i + 1 == sorted.length || !sorted[i + 1].key().equals(sorted[i].key());
            if (last && sorted[i].place() != null) {
                newest.add(sorted[i]);
            }
        }
        return newest;
    }

    private static SortedTree<Version> keys(List<Row> rows) {
        return SortedTree.ofSorted(seen(rows, Row::key), seen(rows, Row::version));
    }

    private interface Part<T> {
        T of(Row row);
    }

    private static <T> List<T> seen(List<Row> rows, Part<T> part) {
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                return part.of(rows.get(index));
            }

            @Override
            public int size() {
                return rows.size();
            }
        };
    }

    State state() {
        return state;
    }

    /** Shows all entries in the order of keys; ends with the scan that lets go of the values. */
    Scan scan(Consumer<List<? extends ScannedEntry>> to) {
        for (int from = 0; from < rows.size(); from += Store.SCANNED_AT_ONCE) {
            to.accept(rows.subList(from, Math.min(rows.size(), from + Store.SCANNED_AT_ONCE)));
        }
        List<ValueBytes> shown = values; // and not the rows
        return new Scan(state.revision(), Optional.of(() -> shown.forEach(ValueBytes::close)));
    }

    @Override
    public void close() {
        values.forEach(ValueBytes::close);
    }
}
