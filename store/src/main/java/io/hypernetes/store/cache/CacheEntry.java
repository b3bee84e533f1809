package io.hypernetes.store.cache;

import io.hypernetes.store.Entry;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ScannedEntry;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** An object in the cache. Immutable, but for the attachment, which is made at first use. */
public final class CacheEntry<A> {

    @SuppressWarnings("rawtypes") // the updater knows the class, not what it is of
    private static final AtomicReferenceFieldUpdater<CacheEntry, @Nullable Object> ATTACHMENT =
            AtomicReferenceFieldUpdater.newUpdater(CacheEntry.class, Object.class, "attachment");

    private final ObjectPath path;
    private final long createRevision;
    private final long modRevision;
    private final Projection<A> projection;

    /** The bytes to serve; until somebody asks for them the entry of the store. */
    private volatile Object content;

    /** Set once. Of the many entries few have need of it: it has no object of its own. */
    private volatile @Nullable Object attachment;

    CacheEntry(
            ObjectPath path,
            byte[] bytes,
            long createRevision,
            long modRevision,
            Projection<A> projection) {
        this.path = path;
        this.content = bytes;
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.projection = projection;
    }

    static <A> CacheEntry<A> of(ObjectPath path, Entry entry, Projection<A> projection) {
        byte[] served = projection.serve(entry.value(), entry.modRevision());
        return new CacheEntry<>(
                path, served, entry.createRevision(), entry.modRevision(), projection);
    }

    /** Of a value that is read when somebody asks for the bytes. */
    CacheEntry(ObjectPath path, ScannedEntry scanned, Projection<A> projection) {
        this.path = path;
        this.content = scanned;
        this.createRevision = scanned.createRevision();
        this.modRevision = scanned.modRevision();
        this.projection = projection;
    }

    public ObjectPath path() {
        return path;
    }

    /** What the {@link Projection} made of the stored bytes. Shared: must not be changed. */
    public byte[] bytes() {
        return content instanceof byte[] served ? served : read();
    }

    /** One at a time: who finds it read may let go of what it was read from. */
    private synchronized byte[] read() {
        if (content instanceof ScannedEntry scanned) {
            content = projection.serve(scanned.value(), modRevision);
        }
        return (byte[]) content;
    }

    public long createRevision() {
        return createRevision;
    }

    /** The revision that wrote it; for a deleted object the revision of the deletion. */
    public long modRevision() {
        return modRevision;
    }

    @SuppressWarnings("unchecked") // only what the projection made is put there
    public A attachment() {
        Object present = attachment;
        if (present == null) {
            A made = projection.attach(this);
            present = ATTACHMENT.compareAndSet(this, null, made) ? made : attachment;
        }
        return (A) Objects.requireNonNull(present);
    }

    @Override
    public String toString() {
        return path + "@" + modRevision;
    }
}
