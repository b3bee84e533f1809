package io.hypernetes.server.registry;

import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.admission.Admission;
import io.hypernetes.store.Store;
import io.hypernetes.store.cache.WatchCache;

/**
 * All objects of an installation, with the rules by which they are read and written. It is there
 * before the server listens, so that what the server asks (authenticators, authorizers) can itself
 * stand on it. The store stays the caller's to close.
 */
public record Registry(
        WorldTypes types,
        Schemas schemas,
        Reads reads,
        Writes writes,
        Admission admission,
        WatchCache<Served> cache)
        implements AutoCloseable {

    /** Loads the state into memory; returns when it can be read. */
    public static Registry open(Store store, WorldTypes types, Schemas schemas) {
        WatchCache<Served> cache = WatchCache.open(store, new ServedProjection());
        Reads reads = new Reads(cache);
        Admission admission = new Admission(reads);
        Writes writes = new Writes(store, cache, reads, types, admission);
        return new Registry(types, schemas, reads, writes, admission, cache);
    }

    /** Ends all watches. */
    @Override
    public void close() {
        cache.close();
    }
}
