/**
 * The kinds of {@code policy}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.policy.DisruptionBudgetStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.policy;

import org.jspecify.annotations.NullMarked;
