package io.hypernetes.server.registry;

import io.hypernetes.api.json.Json;
import io.hypernetes.store.cache.CacheEntry;
import io.hypernetes.store.cache.Projection;

/** What the watch cache keeps: the bytes that go out. */
public final class ServedProjection implements Projection<Served> {
    @Override
    public byte[] serve(byte[] stored, long revision) {
        return Json.withResourceVersion(stored, revision);
    }

    @Override
    public byte[] serveDeleted(byte[] served, long revision) {
        return Json.atResourceVersion(served, revision);
    }

    @Override
    public Served attach(CacheEntry<Served> entry) {
        return new Served(entry.path(), entry.bytes(), entry.modRevision());
    }
}
