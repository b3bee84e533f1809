package io.hypernetes.store.encryption;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.StoreKey;

import java.util.List;
import java.util.Optional;

/** What is encrypted, and whose it is. */
public interface Scope {
    /** Whose keys a value is sealed with; empty for one that is not. */
    Optional<String> owner(StoreKey key);

    /** The tenant that ends when this key is deleted. */
    Optional<String> ends(StoreKey key);

    /** The key that is there as long as the tenant is. */
    StoreKey life(String tenant);

    /**
     * Where all values are that are to be sealed.
     *
     * @param tenant empty: of all tenants
     */
    List<KeyRange> ranges(Optional<String> tenant);
}
