package io.hypernetes.store.cache;

/**
 * What the cache keeps of a stored value. The bytes are made once per write and shared by all
 * readers, so they should be those that go out to clients.
 *
 * @param <A> what readers attach to an entry, made at first use: parsed labels, an encoded event, …
 */
public interface Projection<A> {

    /**
     * The bytes to serve for a value stored at {@code revision}. Runs on the store's thread; for
     * what a start finds on the thread of whoever asks first.
     */
    byte[] serve(byte[] stored, long revision);

    /**
     * The bytes to serve for the deletion, at {@code revision}, of an object last served as {@code
     * served}.
     */
    byte[] serveDeleted(byte[] served, long revision);

    /** Makes the attachment; may run more than once at the same time, the first result stays. */
    A attach(CacheEntry<A> entry);
}
