/**
 * The kinds of {@code storage.k8s.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.storage.StorageClassStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.storage;

import org.jspecify.annotations.NullMarked;
