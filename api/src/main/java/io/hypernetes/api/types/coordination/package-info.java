/**
 * The kinds of {@code coordination.k8s.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.coordination.LeaseStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.coordination;

import org.jspecify.annotations.NullMarked;
