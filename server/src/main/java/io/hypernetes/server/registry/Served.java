package io.hypernetes.server.registry;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Renewal;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.store.ObjectPath;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.lang.ref.WeakReference;
import java.util.Arrays;

/**
 * An object as clients get it: its bytes, and its tree for whoever must look inside. The tree is
 * parsed at first use and shared until memory is needed, so that two hundred watchers of a selector
 * parse an event once.
 */
public final class Served implements TenantObject.Source {
    private final ObjectPath path;
    private final byte[] bytes;
    private final long revision;
    private volatile @Nullable WeakReference<ObjectNode> tree;

    /** What {@link #renewed} found last. */
    private volatile @Nullable Renewed known;

    private record Renewed(Renewal by, Served result) {}

    /** What is stored, when this was converted from it; else null. */
    private final @Nullable Served stored;

    /**
     * @param bytes canonical JSON with the revision as its resourceVersion
     * @param revision that wrote it
     */
    public Served(ObjectPath path, byte[] bytes, long revision) {
        this(path, bytes, revision, null);
    }

    private Served(ObjectPath path, byte[] bytes, long revision, @Nullable Served stored) {
        this.stored = stored;
        this.path = path;
        this.bytes = bytes;
        this.revision = revision;
    }

    public ObjectPath path() {
        return path;
    }

    @Override
    public Tenant tenant() {
        return new Tenant(path.tenant());
    }

    @Override
    public ObjectKey key() {
        return new ObjectKey(tenant(), path.namespace(), path.name());
    }

    @Override
    public String resourceVersion() {
        return Long.toString(revision);
    }

    /** Canonical JSON with its resourceVersion. Shared: must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether there is a null in it, or a text that looks like one. */
    boolean mayHaveNulls() {
        for (int i = 3; i < bytes.length; i++) {
            if (bytes[i] == 'l'
                    && bytes[i - 1] == 'l'
                    && bytes[i - 2] == 'u'
                    && bytes[i - 3] == 'n') {
                return true;
            }
        }
        return false;
    }

    /** The revision that wrote it. */
    public long revision() {
        return revision;
    }

    /** Shared: must not be changed. */
    @Override
    public ObjectNode tree() {
        WeakReference<ObjectNode> known = tree;
        ObjectNode parsed = known == null ? null : known.get();
        if (parsed == null) {
            parsed = Json.parseObject(bytes);
            tree = new WeakReference<>(parsed);
        }
        return parsed;
    }

    /** The caller's own. */
    @Override
    public ObjectNode copy() {
        return Json.parseObject(bytes);
    }

    /** The same content at another revision: how an object leaves a watch's selection. */
    Served at(long newRevision) {
        return new Served(path, Json.atResourceVersion(bytes, newRevision), newRevision);
    }

    /** The same object in another version. */
    Served as(ObjectNode converted) {
        return new Served(path, Json.write(converted), revision, stored());
    }

    /**
     * As today's schema shows what may have been stored under an earlier one; this same object
     * where that is no difference. Found once for each form that the schema has.
     */
    Served renewed(Renewal renewal) {
        if (!renewal.concerns(revision)) {
            return this;
        }
        Renewed last = known;
        if (last == null || last.by() != renewal) {
            ObjectNode object = copy();
            renewal.renew(object);
            byte[] fresh = Json.withResourceVersion(Json.writeStored(object), revision);
            last =
                    new Renewed(
                            renewal,
                            Arrays.equals(fresh, bytes)
                                    ? this
                                    : new Served(path, fresh, revision, stored()));
            known = last;
        }
        return last.result();
    }

    /** The object in the version in which it is kept. */
    Served stored() {
        Served original = stored;
        return original == null ? this : original;
    }

    public String uid() {
        return Metadata.uid(tree());
    }
}
