package io.hypernetes.store;

/** An entry of a {@link Store#scan}. Its value may lie elsewhere until it is asked for. */
public interface ScannedEntry {
    StoreKey key();

    /** As {@link Entry#createRevision}. */
    long createRevision();

    /** As {@link Entry#modRevision}. */
    long modRevision();

    /** The value, not after the {@link Scan} was closed. Shared: it must not be changed. */
    byte[] value();

    /** Whether the value begins with these bytes; cheaper than to ask for all of it. */
    boolean valueBegins(byte[] with);
}
