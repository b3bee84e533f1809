/**
 * The kinds of the core group: defaults, rules and columns.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.core.PodStrategy}. Everything is immutable and may
 * be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.core;

import org.jspecify.annotations.NullMarked;
