package io.hypernetes.store;

/** One change of a transaction. */
public sealed interface Operation {

    StoreKey key();

    /** Writes the value. The array must not be changed afterwards. */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed through, never compared
    record Put(StoreKey key, byte[] value) implements Operation {}

    /** Removes the key; nothing when there is none. */
    record Delete(StoreKey key) implements Operation {}
}
