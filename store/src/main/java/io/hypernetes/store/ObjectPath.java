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
        String[] parts = key.toString().split("/", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("not the key of an object: '" + key + "'");
        }
        return new ObjectPath(
                parts[0].intern(),
                parts[1].intern(),
                parts[2].intern(),
                parts[3].intern(),
                oneOfMany(parts[4]));
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

    /** Like {@link #parse}, empty for a key that is not an object's. */
    public static Optional<ObjectPath> find(StoreKey key) {
        try {
            return Optional.of(parse(key));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return group + '/' + resource + '/' + tenant + '/' + namespace + '/' + name;
    }
}
