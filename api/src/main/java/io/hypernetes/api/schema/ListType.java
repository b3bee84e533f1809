package io.hypernetes.api.schema;

/** {@code x-kubernetes-list-type}. */
public enum ListType {
    /** Replaced as a whole; the type of lists that declare none. */
    ATOMIC,
    /** Scalars without duplicates. */
    SET,
    /** Objects told apart by their map keys. */
    MAP
}
