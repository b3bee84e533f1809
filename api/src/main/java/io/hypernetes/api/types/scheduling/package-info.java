/**
 * The kinds of {@code scheduling.k8s.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.scheduling.PriorityClassStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.scheduling;

import org.jspecify.annotations.NullMarked;
