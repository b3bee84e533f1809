package io.hypernetes.store.encryption;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.StoreKey;

import java.util.List;
import java.util.Optional;

/** All values are one tenant's, who never ends: so that the whole suite is about sealed values. */
record Everything() implements Scope {
    @Override
    public Optional<String> owner(StoreKey key) {
        return Optional.of("all");
    }

    @Override
    public Optional<String> ends(StoreKey key) {
        return Optional.empty();
    }

    @Override
    public StoreKey life(String tenant) {
        return StoreKey.of(tenant);
    }

    @Override
    public List<KeyRange> ranges(Optional<String> tenant) {
        return List.of(KeyRange.ALL);
    }
}
