package io.hypernetes.store.etcd;

import com.google.protobuf.ByteString;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.StoreKey;

/**
 * Our part of the cluster's keys: a prefix, then the key as it is. Behind the prefix and a byte
 * 0xFF, which no key of a store contains, are the store's own: {@link #PULSE} and {@link
 * #COMPACTION}.
 */
final class Keyspace {

    /** Written only so that all watches see a revision. */
    static final String PULSE = "pulse";

    /** Who compacts, and up to where. */
    static final String COMPACTION = "compaction";

    private static final ByteString OWN = ByteString.copyFrom(new byte[] {(byte) 0xFF});

    private final ByteString prefix;

    Keyspace(String prefix) {
        this.prefix = ByteString.copyFromUtf8(prefix + "/");
    }

    ByteString key(StoreKey key) {
        return prefix.concat(ByteString.copyFrom(key.bytes()));
    }

    ByteString from(KeyRange range) {
        return key(range.from());
    }

    ByteString to(KeyRange range) {
        return key(range.to());
    }

    /** A key of the store's own. */
    ByteString own(String name) {
        return prefix.concat(OWN).concat(ByteString.copyFromUtf8(name));
    }

    /** Everything behind the prefix, also the store's own keys. */
    ByteString begin() {
        return prefix;
    }

    ByteString end() {
        byte[] end = prefix.toByteArray();
        end[end.length - 1]++;
        return ByteString.copyFrom(end);
    }

    boolean isOwn(ByteString key) {
        return key.size() > prefix.size() && key.byteAt(prefix.size()) == (byte) 0xFF;
    }

    StoreKey storeKey(ByteString key) {
        return StoreKey.of(key.substring(prefix.size()).toByteArray());
    }
}
