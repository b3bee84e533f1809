package io.hypernetes.store.cache;

import io.hypernetes.store.ObjectPath;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/** An object in the cache. Immutable, but for the attachment, which is made at first use. */
public final class CacheEntry<A> {

    private final ObjectPath path;
    private final byte[] bytes;
    private final long createRevision;
    private final long modRevision;
    private final Projection<A> projection;
    private final AtomicReference<@Nullable A> attachment = new AtomicReference<>();

    CacheEntry(
            ObjectPath path,
            byte[] bytes,
            long createRevision,
            long modRevision,
            Projection<A> projection) {
        this.path = path;
        this.bytes = bytes;
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.projection = projection;
    }

    public ObjectPath path() {
        return path;
    }

    /** What the {@link Projection} made of the stored bytes. Shared: must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public long createRevision() {
        return createRevision;
    }

    /** The revision that wrote it; for a deleted object the revision of the deletion. */
    public long modRevision() {
        return modRevision;
    }

    public A attachment() {
        A present = attachment.get();
        if (present != null) {
            return present;
        }
        A made = projection.attach(this);
        A raced = attachment.compareAndExchange(null, made);
        return raced != null ? raced : made;
    }

    @Override
    public String toString() {
        return path + "@" + modRevision;
    }
}
