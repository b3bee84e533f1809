/**
 * The kinds of {@code autoscaling}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.autoscaling.AutoscalerStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.autoscaling;

import org.jspecify.annotations.NullMarked;
