/**
 * Our own kinds, {@code hypernetes.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.hypernetes.TenantStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.hypernetes;

import org.jspecify.annotations.NullMarked;
