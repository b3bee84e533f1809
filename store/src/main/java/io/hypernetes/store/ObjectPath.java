package io.hypernetes.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where an object is kept: {@code group/resource/tenant/namespace/name}.
 *
 * <p>No segment may contain a slash, so every prefix that ends with one is closed: the keys of
 * tenant {@code a} are one range that holds nothing of tenant {@code ab}. Keys sort as upstream's
 * do in etcd, by the joined text.
 *
 * @param group empty for the core group
 * @param resource the plural name
 * @param namespace empty for a cluster-scoped object
 */
public record ObjectPath(
        String group, String resource, String tenant, String namespace, String name) {

    /** A few of the names seen last; written by any thread, and whose stays does not matter. */
    private static final AtomicReferenceArray<String> NAMES = new AtomicReferenceArray<>(1 << 10);

    /** Like nothing that is kept. */
    public static final ObjectPath NOWHERE = new ObjectPath("-", "-", "-", "-", "-");

    public ObjectPath {
        segment(group, "group", true);
        segment(resource, "resource", false);
        segment(tenant, "tenant", false);
        segment(namespace, "namespace", true);
        segment(name, "name", false);
    }

    static void segment(String text, String what, boolean mayBeEmpty) {
        if (text.isEmpty() && !mayBeEmpty) {
            throw new IllegalArgumentException("a key needs a " + what);
        }
        if (text.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "a key's " + what + " must not contain '/': '" + text + "'");
        }
    }

    public StoreKey key() {
        return StoreKey.of(toString());
    }

    /**
     * The inverse of {@link #key}. Many objects have the same group, resource, tenant and
     * namespace: their paths share these texts, and as a rule the names that every world has.
     */
    public static ObjectPath parse(StoreKey key) {
        return parse(key, NOWHERE);
    }

    /** The same for who has a path at hand that is probably much alike: its neighbour's. */
    public static ObjectPath parse(StoreKey key, ObjectPath like) {
        String text = key.toString();
        int resource = text.indexOf('/') + 1;
        int tenant = text.indexOf('/', resource) + 1;
        int namespace = text.indexOf('/', tenant) + 1;
        int name = text.indexOf('/', namespace) + 1;
        // A slash that is not there sends the next search back to the begin.
        if (resource == 0 || tenant <= resource || namespace <= tenant || name <= namespace) {
            throw new IllegalArgumentException("not the key of an object: '" + key + "'");
        }
        return new ObjectPath(
                shared(text, 0, resource, like.group),
                shared(text, resource, tenant, like.resource),
                shared(text, tenant, namespace, like.tenant),
                shared(text, namespace, name, like.namespace),
                oneOfMany(text.substring(name)));
    }

    /** What is before the slash that ends it. */
    private static String shared(String text, int from, int end, String like) {
        boolean same = like.length() == end - 1 - from && text.startsWith(like, from);
        return same ? like : text.substring(from, end - 1).intern();
    }

    /**
     * The same text for a name that was seen lately: {@code default}, {@code kube-root-ca.crt}.
     * Most names are nobody else's, so they are not interned, which would make every collection
     * look at all of them.
     */
    private static String oneOfMany(String name) {
        int hash = name.hashCode();
        int place = (hash ^ (hash >>> 16)) & (NAMES.length() - 1);
        String known = NAMES.getPlain(place);
        if (name.equals(known)) {
            return known;
        }
        NAMES.setPlain(place, name);
        return name;
    }

    /** Like {@link #parse(StoreKey)}, empty for a key that is not an object's. */
    public static Optional<ObjectPath> find(StoreKey key) {
        return find(key, NOWHERE);
    }

    /** Like {@link #parse(StoreKey, ObjectPath)}, empty for a key that is not an object's. */
    public static Optional<ObjectPath> find(StoreKey key, ObjectPath like) {
        try {
            return Optional.of(parse(key, like));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return group + '/' + resource + '/' + tenant + '/' + namespace + '/' + name;
    }
}
