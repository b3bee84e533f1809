package io.hypernetes.store;

import java.util.Arrays;

/**
 * A key's value at some revision. The array is shared: it must not be changed.
 *
 * @param createRevision of the transaction that made the key (after its last deletion)
 * @param modRevision of the transaction that wrote this value
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed through, never compared
public record Entry(StoreKey key, byte[] value, long createRevision, long modRevision)
        implements ScannedEntry {

    @Override
    public boolean valueBegins(byte[] with) {
        return value.length >= with.length
                && Arrays.equals(value, 0, with.length, with, 0, with.length);
    }

    @Override
    public String toString() {
        return key + "@" + modRevision + " (" + value.length + " bytes)";
    }
}
