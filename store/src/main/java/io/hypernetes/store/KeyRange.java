package io.hypernetes.store;

/**
 * A contiguous range of keys.
 *
 * @param from the first key
 * @param to the first key that is no more in it
 */
public record KeyRange(StoreKey from, StoreKey to) {

    public static final KeyRange ALL = new KeyRange(StoreKey.of(""), StoreKey.afterAll());

    /** All keys that begin with {@code prefix}; an empty prefix is every key. */
    public static KeyRange ofPrefix(String prefix) {
        if (prefix.isEmpty()) {
            return ALL;
        }
        StoreKey from = StoreKey.of(prefix);
        return new KeyRange(from, from.endOfPrefix());
    }

    public static KeyRange ofKey(StoreKey key) {
        return new KeyRange(key, key.next());
    }

    /** What is left of this range after {@code key}. */
    public KeyRange after(StoreKey key) {
        StoreKey next = key.next();
        return next.compareTo(from) > 0 ? new KeyRange(next, to) : this;
    }

    public boolean contains(StoreKey key) {
        return from.compareTo(key) <= 0 && key.compareTo(to) < 0;
    }
}
