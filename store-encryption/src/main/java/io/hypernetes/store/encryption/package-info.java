/**
 * Encryption at rest, a layer over any {@link io.hypernetes.store.Store}: values of named kinds are
 * sealed under data keys of their tenant, which lie in a {@link
 * io.hypernetes.store.encryption.KeyRing} beside the store and under one master key. Without its
 * keys a tenant's values are noise, in every copy of the store.
 *
 * <p>Entry class: {@link io.hypernetes.store.encryption.EncryptedStore}. Everything may be used by
 * many threads at once.
 */
@NullMarked
package io.hypernetes.store.encryption;

import org.jspecify.annotations.NullMarked;
