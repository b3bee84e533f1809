package io.hypernetes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What every store does. A store's test extends this and says how to open an empty one. */
public abstract class StoreConformance {

    private static final StoreKey A = StoreKey.of("x/a");
    private static final StoreKey B = StoreKey.of("x/b");
    private static final StoreKey C = StoreKey.of("x/c");

    protected Store store;

    /** The revision before the first write: 1, unless the store is a part of a larger one. */
    private long base;

    /** The revision after {@code number - 1} writes. */
    protected final long at(long number) {
        return base + number - 1;
    }

    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        base = store.revision();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** Collects what a watch delivers. */
    public static final class Recorder implements StoreWatch.Listener {
        public final BlockingQueue<StoreWatch.Batch> batches = new LinkedBlockingQueue<>();
        public final BlockingQueue<StoreException> failures = new LinkedBlockingQueue<>();

        @Override
        public void changed(StoreWatch.Batch batch) {
            batches.add(batch);
        }

        @Override
        public void failed(StoreException cause) {
            failures.add(cause);
        }

        /** The revisions of the next batches. */
        public List<Long> take(int count) throws InterruptedException {
            List<Long> revisions = new ArrayList<>();
            while (revisions.size() < count) {
                StoreWatch.Batch batch = batches.poll(30, TimeUnit.SECONDS);
                assertThat(batch).as("a batch").isNotNull();
                revisions.add(batch.revision());
            }
            return revisions;
        }
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static String text(ScannedEntry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    /**
     * @return the revision, counted from the base: 2 for the first write
     */
    protected long commit(Txn txn) {
        TxnResult result = store.commit(txn);
        assertThat(result).isInstanceOf(TxnResult.Committed.class);
        return ((TxnResult.Committed) result).revision() - base + 1;
    }

    /** Entries as {@code key=value@created/modified}, revisions counted from the base. */
    private List<String> state(long number) {
        long revision = number == Store.LATEST ? Store.LATEST : at(number);
        return told(store.range(KeyRange.ALL, revision, 0).entries());
    }

    private List<String> told(List<? extends ScannedEntry> entries) {
        return entries.stream()
                .map(e ->
                        e.key()
                                + "="
                                + text(e)
                                + "@"
                                + (e.createRevision() - base + 1)
                                + "/"
                                + (e.modRevision() - base + 1))
                .toList();
    }

    @Test
    void anEmptyStoreIsEmpty() {
        assertThat(store.revision()).isPositive();
        assertThat(state(Store.LATEST)).isEmpty();
    }

    @Test
    void writesRaiseTheRevisionByOneEach() {
        assertThat(commit(Txn.create(A, bytes("1")))).isEqualTo(2);
        assertThat(commit(Txn.replace(A, bytes("2"), at(2)))).isEqualTo(3);
        assertThat(commit(Txn.create(B, bytes("3")))).isEqualTo(4);
        assertThat(state(Store.LATEST)).containsExactly("x/a=2@2/3", "x/b=3@4/4");
        assertThat(store.revision()).isEqualTo(at(4));
    }

    @Test
    void aScanShowsTheCurrentStateInTheOrderOfKeys() {
        commit(Txn.create(B, bytes("1")));
        commit(Txn.create(A, bytes("2")));
        commit(Txn.replace(A, bytes("3"), at(3)));
        commit(Txn.delete(B, at(2)));
        commit(Txn.create(B, bytes("4")));
        List<ScannedEntry> shown = new ArrayList<>();
        try (Scan scan = store.scan(shown::addAll)) {
            assertThat(scan.revision()).isGreaterThanOrEqualTo(at(6));
            assertThat(shown).map(e -> e.valueBegins(bytes("3"))).containsExactly(true, false);
            assertThat(shown).map(e -> e.valueBegins(bytes("33"))).containsOnly(false);
            assertThat(told(shown)).containsExactly("x/a=3@3/4", "x/b=4@6/6");
        }
    }

    @Test
    void aFailedCompareChangesNothingAndTellsTheRevisionFound() {
        commit(Txn.create(A, bytes("1")));
        assertThat(store.commit(Txn.create(A, bytes("2"))))
                .isEqualTo(new TxnResult.Conflict(new Compare.Absent(A), at(2)));
        assertThat(store.commit(Txn.replace(A, bytes("2"), at(9))))
                .isEqualTo(new TxnResult.Conflict(new Compare.AtRevision(A, at(9)), at(2)));
        assertThat(store.commit(Txn.replace(B, bytes("2"), at(2))))
                .isEqualTo(new TxnResult.Conflict(new Compare.AtRevision(B, at(2)), 0));
        assertThat(state(Store.LATEST)).containsExactly("x/a=1@2/2");
        assertThat(store.revision()).isEqualTo(at(2));
    }

    @Test
    void aTransactionOverSeveralKeysHasOneRevision() {
        commit(Txn.create(A, bytes("1")));
        commit(
                new Txn(
                        List.of(new Compare.AtRevision(A, at(2)), new Compare.Absent(B)),
                        List.of(
                                new Operation.Delete(A),
                                new Operation.Put(B, bytes("b")),
                                new Operation.Put(C, bytes("c")))));
        assertThat(state(Store.LATEST)).containsExactly("x/b=b@3/3", "x/c=c@3/3");
        assertThat(state(2)).containsExactly("x/a=1@2/2");
    }

    @Test
    void aTransactionThatChangesAKeyTwiceIsRefused() {
        assertThatThrownBy(() ->
                        new Txn(
                                List.of(),
                                List.of(new Operation.Put(A, bytes("1")), new Operation.Delete(A))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x/a");
    }

    @Test
    void deletingAnAbsentKeyChangesNothing() {
        commit(Txn.create(A, bytes("1")));
        assertThat(commit(new Txn(List.of(), List.of(new Operation.Delete(B))))).isEqualTo(2);
        assertThat(store.revision()).isEqualTo(at(2));
    }

    @Test
    void aKeyMadeAgainHasANewCreateRevision() {
        commit(Txn.create(A, bytes("1")));
        commit(Txn.delete(A, at(2)));
        commit(Txn.create(A, bytes("2")));
        assertThat(state(Store.LATEST)).containsExactly("x/a=2@4/4");
        assertThat(state(3)).isEmpty();
    }

    @Test
    void anEmptyValueIsAValue() {
        commit(Txn.create(A, new byte[0]));
        assertThat(state(Store.LATEST)).containsExactly("x/a=@2/2");
    }

    @Test
    void rangesAreOrderedHalfOpenAndLimited() {
        for (String key : List.of("p/b", "p/a", "p0", "o", "p/", "p", "p/c")) {
            commit(Txn.create(StoreKey.of(key), bytes(key)));
        }
        RangeResult all = store.range(KeyRange.ofPrefix("p/"), Store.LATEST, 0);
        assertThat(all.entries())
                .extracting(StoreConformance::text)
                .containsExactly("p/", "p/a", "p/b", "p/c");
        assertThat(all.more()).isFalse();
        RangeResult page = store.range(KeyRange.ofPrefix("p/"), Store.LATEST, 3);
        assertThat(page.entries()).hasSize(3);
        assertThat(page.more()).isTrue();
        KeyRange rest = KeyRange.ofPrefix("p/").after(page.entries().getLast().key());
        RangeResult last = store.range(rest, page.revision(), 3);
        assertThat(last.entries()).extracting(StoreConformance::text).containsExactly("p/c");
        assertThat(last.more()).isFalse();
    }

    @Test
    void anyBytesAreAKey() {
        byte[] odd = {0, 1, (byte) 0x80, (byte) 0xFE, 0};
        commit(Txn.create(StoreKey.of(odd), bytes("odd")));
        assertThat(store.range(KeyRange.ofKey(StoreKey.of(odd)), Store.LATEST, 0).entries())
                .hasSize(1);
    }

    @Test
    void theFutureCannotBeRead() {
        assertThatThrownBy(() -> store.range(KeyRange.ALL, at(2), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.watch(at(2), new Recorder()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.compact(at(2))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWatchDeliversThePastThenThePresentWithoutGaps() throws InterruptedException {
        commit(Txn.create(A, bytes("1")));
        commit(Txn.create(B, bytes("2")));
        Recorder all = new Recorder();
        Recorder later = new Recorder();
        try (StoreWatch _ = store.watch(at(1), all);
                StoreWatch _ = store.watch(at(3), later)) {
            commit(Txn.delete(A, at(2)));
            commit(Txn.replace(B, bytes("3"), at(3)));
            assertThat(all.take(4)).containsExactly(at(2), at(3), at(4), at(5));
            assertThat(later.take(2)).containsExactly(at(4), at(5));
        }
    }

    @Test
    void aWatchTellsPutsAndDeletesOfOneTransactionTogether() throws InterruptedException {
        commit(Txn.create(A, bytes("1")));
        Recorder recorder = new Recorder();
        try (StoreWatch _ = store.watch(at(2), recorder)) {
            commit(
                    new Txn(
                            List.of(),
                            List.of(
                                    new Operation.Put(B, bytes("b")),
                                    new Operation.Delete(A),
                                    new Operation.Delete(C))));
            StoreWatch.Batch batch = recorder.batches.poll(30, TimeUnit.SECONDS);
            assertThat(batch.revision()).isEqualTo(at(3));
            assertThat(batch.events()).hasSize(2);
            assertThat(batch.events().get(0)).isInstanceOf(StoreEvent.Put.class);
            assertThat(batch.events().get(1)).isEqualTo(new StoreEvent.Delete(A));
        }
    }

    @Test
    void aClosedWatchEndsQuietlyAndOthersGoOn() throws InterruptedException {
        Recorder closed = new Recorder();
        Recorder open = new Recorder();
        StoreWatch watch = store.watch(at(1), closed);
        store.watch(at(1), open);
        commit(Txn.create(A, bytes("1")));
        assertThat(closed.take(1)).containsExactly(at(2));
        watch.close();
        commit(Txn.create(B, bytes("2")));
        commit(Txn.create(C, bytes("3")));
        assertThat(open.take(3)).containsExactly(at(2), at(3), at(4));
        assertThat(closed.batches.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void aListenerThatThrowsFailsAloneAndNoCommit() throws InterruptedException {
        Recorder good = new Recorder();
        Recorder told = new Recorder();
        store.watch(
                at(1),
                new StoreWatch.Listener() {
                    @Override
                    public void changed(StoreWatch.Batch batch) {
                        throw new IllegalStateException("planted");
                    }

                    @Override
                    public void failed(StoreException cause) {
                        told.failed(cause);
                    }
                });
        store.watch(at(1), good);
        commit(Txn.create(A, bytes("1")));
        commit(Txn.create(B, bytes("1")));
        assertThat(good.take(2)).containsExactly(at(2), at(3));
        assertThat(told.failures.poll(30, TimeUnit.SECONDS)).hasMessageContaining("planted");
    }

    @Test
    void compactionForgetsThePastAndKeepsTheState() throws InterruptedException {
        commit(Txn.create(A, bytes("1")));
        commit(Txn.replace(A, bytes("2"), at(2)));
        commit(Txn.create(B, bytes("3")));
        commit(Txn.delete(B, at(4)));
        commit(Txn.create(C, bytes("4")));
        List<String> atFour = state(4);
        store.compact(at(4));
        assertThat(state(4)).isEqualTo(atFour);
        assertThat(state(5)).containsExactly("x/a=2@2/3");
        assertThat(state(Store.LATEST)).containsExactly("x/a=2@2/3", "x/c=4@6/6");
        assertThatThrownBy(() -> state(3))
                .isInstanceOfSatisfying(
                        CompactedException.class, e -> assertThat(e.oldest()).isEqualTo(at(4)));
        assertThatThrownBy(() -> store.watch(at(3), new Recorder()))
                .isInstanceOf(CompactedException.class);
        Recorder recorder = new Recorder();
        store.watch(at(4), recorder);
        assertThat(recorder.take(2)).containsExactly(at(5), at(6));
        store.compact(at(6));
        store.compact(at(2));
        assertThat(state(6)).containsExactly("x/a=2@2/3", "x/c=4@6/6");
    }

    @Test
    void anInterruptedWriterLearnsTheOutcome() {
        Thread.currentThread().interrupt();
        long revision = commit(Txn.create(A, bytes("1")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(state(revision)).hasSize(1);
    }

    @Test
    void aClosedStoreSaysSo() {
        Recorder recorder = new Recorder();
        store.watch(at(1), recorder);
        store.close();
        assertThatThrownBy(() -> store.commit(Txn.create(A, bytes("1"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThat(recorder.failures).hasSize(1);
    }

    @Test
    void concurrentCompareAndSetLosesNoUpdate() throws InterruptedException {
        int writers = 8;
        int increments = 50;
        commit(Txn.create(A, bytes("0")));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            threads.add(
                    Thread.startVirtualThread(() -> {
                        for (int n = 0; n < increments; n++) {
                            increment();
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Entry counter = store.range(KeyRange.ofKey(A), Store.LATEST, 0).entries().getFirst();
        assertThat(text(counter)).isEqualTo("" + writers * increments);
        assertThat(store.revision()).isEqualTo(at(2 + writers * increments));
    }

    private void increment() {
        while (true) {
            Entry now = store.range(KeyRange.ofKey(A), Store.LATEST, 0).entries().getFirst();
            byte[] next = bytes("" + (Integer.parseInt(text(now)) + 1));
            if (store.commit(Txn.replace(A, next, now.modRevision()))
                    instanceof TxnResult.Committed) {
                return;
            }
        }
    }
}
