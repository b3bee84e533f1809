package io.hypernetes.store;

/** A change of one key. */
public sealed interface StoreEvent {

    StoreKey key();

    /** A key was written. It is new when both revisions of the entry are the same. */
    record Put(Entry entry) implements StoreEvent {
        @Override
        public StoreKey key() {
            return entry.key();
        }
    }

    /** A key was removed. */
    record Delete(StoreKey key) implements StoreEvent {}
}
