package io.hypernetes.store;

/** What became of a transaction. */
public sealed interface TxnResult {

    /**
     * It is durable.
     *
     * @param revision of the transaction; when it changed nothing, the store's current one
     */
    record Committed(long revision) implements TxnResult {}

    /**
     * A compare did not hold; nothing was changed.
     *
     * @param failed the first that did not hold
     * @param modRevision of the key as it is, 0 when there is none
     */
    record Conflict(Compare failed, long modRevision) implements TxnResult {}
}
