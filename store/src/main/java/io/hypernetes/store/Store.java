package io.hypernetes.store;

import java.util.List;
import java.util.function.Consumer;

/**
 * The Store seam: ordered keys, one revision counter over all of them, transactions that compare
 * before they change, and a history that can be read and watched until it is compacted. The shape
 * is that of etcd's KV API so that an etcd cluster can stand behind it.
 *
 * <p>The counter starts at 1 with an empty store; each transaction that changes something raises it
 * by one. All methods may be called by many threads at once, and throw {@link StoreException} with
 * a sentence that says what to do.
 */
public interface Store extends AutoCloseable {

    /** Stands for "the current revision" in {@link #range}. */
    long LATEST = 0;

    /** How many entries {@link #scan} shows together. */
    int SCANNED_AT_ONCE = 10_000;

    /**
     * The revision of the newest durable transaction, whoever made it: at least as new as all that
     * was acknowledged anywhere before this call.
     */
    long revision();

    /**
     * Whether others write to the same store: then a watch may be behind what they were told, and
     * who must not read the past asks {@link #revision} first.
     */
    default boolean isShared() {
        return false;
    }

    /**
     * Makes all watches, everybody's, soon deliver a batch (perhaps without events) at a revision
     * that is new now. For those who wait for a revision that changed nothing of ours. It may do
     * nothing when somebody else has just asked. Nothing to do where watches never lag.
     */
    default void requestProgress() {}

    /**
     * Reads a range as it was at a revision.
     *
     * @param revision {@link #LATEST} for the current state
     * @param limit at most so many entries, 0 for all
     * @throws CompactedException when that revision is no longer kept
     * @throws IllegalArgumentException when that revision is yet to come
     */
    RangeResult range(KeyRange range, long revision, int limit);

    /**
     * Shows every entry of the current state, in the order of keys, some at a time: for who takes
     * all of it into memory.
     *
     * @param to called by one thread at a time
     * @return the revision of that state, and until when values can be read
     * @throws CompactedException when it was forgotten while it was read
     */
    default Scan scan(Consumer<List<? extends ScannedEntry>> to) {
        RangeResult page = range(KeyRange.ALL, LATEST, SCANNED_AT_ONCE);
        while (true) {
            to.accept(page.entries());
            if (!page.more()) {
                return Scan.ofEntries(page.revision());
            }
            KeyRange rest = KeyRange.ALL.after(page.entries().getLast().key());
            page = range(rest, page.revision(), SCANNED_AT_ONCE);
        }
    }

    /**
     * Makes a transaction, or finds that a compare does not hold. It returns when the change is
     * durable and readable. Transactions are linearizable. An interrupt does not cut it short: what
     * was handed over has an outcome, and the caller learns it.
     *
     * @throws StoreException when it was not made, for instance because the disk is full
     */
    TxnResult commit(Txn txn);

    /**
     * Delivers every transaction after {@code revision}, first those that are past. A store of this
     * process delivers a transaction before its {@link #commit} returns; a remote one may be later.
     *
     * @param revision 1 delivers everything ever written
     * @throws CompactedException when the history does not reach back so far
     * @throws IllegalArgumentException when that revision is yet to come
     */
    StoreWatch watch(long revision, StoreWatch.Listener listener);

    /**
     * Forgets the states before {@code revision}, which itself stays readable. Stores of this
     * process also do so by themselves as time goes by, see their settings.
     */
    void compact(long revision);

    /** Waits for what was handed over, then lets go of everything. */
    @Override
    void close();
}
