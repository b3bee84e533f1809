package io.hypernetes.store.cache;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Scan;
import io.hypernetes.store.sorted.SortedTree;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The values of a {@link LoadedState} that are still where the store has them. A thread asks for
 * what nobody has asked for, a little at a time, some seconds after the start; then the store lets
 * go of them.
 */
final class UnreadValues<A> implements AutoCloseable {

    private static final int READ_AT_ONCE = 500;

    /** Who starts has other things to do first. */
    private static final Duration BEGIN = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Scan scan;

    /** Shrinks, so that nothing is kept which has been replaced since; the thread's own. */
    private final Queue<SortedTree<CacheEntry<A>>> trees;

    private final ExecutorService reader =
            Executors.newSingleThreadExecutor(
                    Thread.ofVirtual().name("watch-cache-values").factory());

    private UnreadValues(LoadedState<A> loaded) {
        this.scan = loaded.scan();
        this.trees = new ArrayDeque<>(loaded.trees().values());
    }

    /** From now on the scan is closed by this. */
    static <A> UnreadValues<A> of(LoadedState<A> loaded) {
        return after(BEGIN, loaded);
    }

    static <A> UnreadValues<A> after(Duration begin, LoadedState<A> loaded) {
        UnreadValues<A> values = new UnreadValues<>(loaded);
        if (!loaded.scan().holdsValues()) {
            values.trees.clear();
        }
        values.reader.execute(() -> values.read(begin));
        values.reader.shutdown(); // its thread ends with that
        return values;
    }

    private void read(Duration begin) {
        try (scan) {
            if (!trees.isEmpty()) {
                Thread.sleep(begin);
            }
            while (!trees.isEmpty()) {
                read(trees.remove().values(KeyRange.ALL, 0));
            }
        } catch (InterruptedException _) {
            trees.clear(); // closed: nobody reads any more
        }
    }

    private void read(List<CacheEntry<A>> entries) throws InterruptedException {
        for (int from = 0; from < entries.size(); from += READ_AT_ONCE) {
            int to = Math.min(entries.size(), from + READ_AT_ONCE);
            entries.subList(from, to).forEach(CacheEntry::bytes);
            Thread.sleep(PAUSE);
        }
    }

    /** What nobody has asked for can be read no more. */
    @Override
    public void close() {
        reader.shutdownNow();
        reader.close();
    }
}
