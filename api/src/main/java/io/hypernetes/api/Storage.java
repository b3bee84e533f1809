package io.hypernetes.api;

/**
 * Where and in which version the objects of a resource are kept. Several resource types may have
 * one storage: the versions of a resource, and a resource that two groups serve (events).
 *
 * @param location the first two segments of an object's key
 * @param kind what is stored; a type whose own kind this is reads and writes the bytes as they are
 * @param conversion between this and the other versions. It also reads what was stored when another
 *     version was the stored one
 * @param converts whether there may be objects of more than one version at the location; where
 *     there are none, nothing looks into an object to find out
 * @param renewal what reading makes of objects that are older than their schema
 */
public record Storage(
        GroupResource location,
        GroupVersionKind kind,
        Conversion conversion,
        boolean converts,
        Renewal renewal) {

    /** Of a resource that has one version. */
    public static Storage single(GroupResource location, GroupVersionKind kind) {
        return new Storage(location, kind, Conversion.NONE, false, Renewal.NONE);
    }

    public static Storage versioned(
            GroupResource location, GroupVersionKind kind, Conversion conversion) {
        return new Storage(location, kind, conversion, true, Renewal.NONE);
    }
}
