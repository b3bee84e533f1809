package io.hypernetes.store;

/** What must hold for a transaction to be made. */
public sealed interface Compare {

    StoreKey key();

    /** The key does not exist. */
    record Absent(StoreKey key) implements Compare {}

    /** The key exists and was last written at this revision. */
    record AtRevision(StoreKey key, long modRevision) implements Compare {
        public AtRevision {
            if (modRevision <= 0) {
                throw new IllegalArgumentException("a key's revision is positive: " + modRevision);
            }
        }
    }
}
