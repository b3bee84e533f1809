package io.hypernetes.store.cache;

/** A change of one object. */
public sealed interface CacheEvent<A> {

    /** The new state; of a deleted object its last state at the revision of the deletion. */
    CacheEntry<A> entry();

    default long revision() {
        return entry().modRevision();
    }

    /** The bytes of the new state. */
    default long weight() {
        return entry().bytes().length;
    }

    /** The object is new. */
    record Added<A>(CacheEntry<A> entry) implements CacheEvent<A> {}

    /**
     * @param previous the state it replaces, so that a selector can tell what left its selection
     */
    record Modified<A>(CacheEntry<A> entry, CacheEntry<A> previous) implements CacheEvent<A> {}

    /**
     * @param previous the last state, as it was served
     */
    record Deleted<A>(CacheEntry<A> entry, CacheEntry<A> previous) implements CacheEvent<A> {}
}
