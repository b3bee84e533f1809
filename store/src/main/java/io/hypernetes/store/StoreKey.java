package io.hypernetes.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key: bytes in unsigned lexicographic order. No key holds the byte 0xFF, which UTF-8 never
 * contains, so that a range over all keys has an end.
 */
public final class StoreKey implements Comparable<StoreKey> {

    private final byte[] bytes;

    private StoreKey(byte[] bytes) {
        this.bytes = bytes;
    }

    public static StoreKey of(String text) {
        return new StoreKey(text.getBytes(StandardCharsets.UTF_8));
    }

    public static StoreKey of(byte[] bytes) {
        return new StoreKey(bytes.clone());
    }

    /** The same of bytes that are nobody else's, and are not changed any more. */
    public static StoreKey owning(byte[] bytes) {
        return new StoreKey(bytes);
    }

    /** The first key after all keys that begin with this one. */
    StoreKey endOfPrefix() {
        byte[] end = bytes.clone();
        end[end.length - 1]++;
        return new StoreKey(end);
    }

    /** The key right after this one. */
    public StoreKey next() {
        return new StoreKey(Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** The end of all keys. */
    static StoreKey afterAll() {
        return new StoreKey(new byte[] {(byte) 0xFF});
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(StoreKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoreKey k && Arrays.equals(bytes, k.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
