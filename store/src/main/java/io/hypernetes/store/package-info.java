/**
 * The Store seam: where all state is kept, as generic bytes under ordered keys with one revision
 * counter, shaped like etcd's key-value API.
 *
 * <p>Entry class: {@link io.hypernetes.store.Store}. Everything here is immutable or safe for many
 * threads; a store may be called from virtual threads.
 */
@NullMarked
package io.hypernetes.store;

import org.jspecify.annotations.NullMarked;
